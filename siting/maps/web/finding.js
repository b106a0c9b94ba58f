// Finding things: a box that finds places and zones, a legend that shows its places, the card of one.

// Width, case, blanks, hyphens and apostrophes make no difference.
function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\s'’·-]/g, "");
}

// Type a name in either language or a code, choose it or press Enter: the map goes there and says
// what it knows.
function searchBox(map, atlas, dots) {
  const known = [
    ...scene.places.map((place, i) => ({ of: place, go: () => goTo(map, atlas.base[i], place) })),
    ...scene.zones.map((zone, i) => ({ of: zone, go: () => goTo(map, atlas.spots[i], zone) })),
  ];
  const list = el("datalist", "");
  list.id = "place-names";
  for (const one of known) {
    const option = el("option", "");
    option.value = one.of.name;
    option.label = (one.of.keys || []).join(" · ");
    list.append(option);
    one.words = [one.of.name, ...(one.of.keys || [])].map(folded);
  }
  const input = el("input", "");
  input.type = "search";
  input.placeholder = words.search;
  input.title = words.search;
  input.setAttribute("aria-label", words.search);
  input.setAttribute("list", list.id);
  const said = el("output", "");
  const go = (whole) => {
    const wanted = folded(input.value);
    said.textContent = "";
    if (!wanted) return;
    const fits = (test) => known.find((one) => one.words.some(test));
    const found = fits((word) => word === wanted) || (!whole && fits((word) => word.includes(wanted)));
    if (found) found.go();
    else if (!whole && !(dots && dots.find(wanted))) said.textContent = words.not_found;
  };
  input.addEventListener("input", () => go(true));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go(false);
  });
  return el("section", "search", input, list, said, el("p", "rule", words.pick));
}

function goTo(map, layer, what) {
  held.add(map.getContainer());
  const closest = { animate: false, padding: [60, 60], maxZoom: map.getMinZoom() + 3 };
  if (what.latlngs) map.fitBounds(L.latLngBounds(what.latlngs.flat(2)), closest);
  else map.setView(what.at, Math.max(map.getZoom(), closest.maxZoom), { animate: false });
  if (!layer._map) [...document.querySelectorAll("aside .leaflet-control-layers-selector")].pop().click();
  kept.show(layer, L.latLng(what.at));
}

// Pointing at a line of the legend, or reaching it by Tab, leaves only its places in full colour.
function linked(node, members, atlases) {
  const show = (on) => {
    const wanted = on ? new Set(members()) : null;
    for (const atlas of atlases) atlas.point(wanted);
  };
  node.addEventListener("mouseenter", () => show(true));
  node.addEventListener("mouseleave", () => show(false));
  node.addEventListener("focusin", () => show(true));
  node.addEventListener("focusout", () => show(false));
}

function linkLegend(atlases) {
  for (const node of document.querySelectorAll(".legend li[data-kind]")) {
    const kind = Number(node.dataset.kind);
    node.tabIndex = 0;
    linked(node, () => scene.places.flatMap((place, i) => (place.kind === kind ? [i] : [])), atlases);
  }
  document.querySelectorAll("aside .leaflet-control-layers-overlays > label").forEach((node, i) => {
    const cluster = scene.clusters[i - 1]; // the first line is the number of clusters
    if (cluster) linked(node, () => cluster.members, atlases);
  });
}

// What was clicked, pressed or found: its card beside the map (on a small screen over its edge)
// until it is closed, by its button or by Esc.
class Card {
  constructor() {
    this.body = el("div", "");
    const button = el("button", "close", "×");
    button.type = "button";
    button.title = words.close;
    button.setAttribute("aria-label", words.close);
    button.addEventListener("click", () => this.close());
    this.node = el("section", "kept", button, this.body);
    Object.assign(this.node, { hidden: true, tabIndex: -1 });
    this.node.setAttribute("aria-label", words.picked);
    this.node.setAttribute("aria-live", "polite");
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.layer) return;
      event.stopImmediatePropagation(); // Esc closes one thing at a time
      this.close();
    }, { capture: true });
  }

  // Show what a layer has to say; `focus` where a click or a key asked for it.
  show(layer, at, focus = false) {
    this.mark(null);
    layer.closeTooltip();
    this.body.replaceChildren(card(layer.facts));
    this.node.hidden = false;
    this.mark(layer);
    this.node.scrollTop = 0;
    this.node.scrollIntoView({ block: "nearest" });
    this.uncover(layer._map, at);
    if (focus) this.node.focus({ preventScroll: true });
  }

  close() {
    const back = this.node.contains(document.activeElement) && this.layer.getElement();
    this.mark(null);
    this.node.hidden = true;
    if (back) back.focus({ preventScroll: true });
  }

  // The place whose card it is keeps a stronger line.
  mark(layer) {
    const before = this.layer;
    this.layer = layer;
    for (const one of [before, layer]) if (one && one.outline) one.outline();
  }

  // Where the card lies over the map, the place moves out from under it.
  uncover(map, at) {
    const [over, box] = [this.node, map.getContainer()].map((one) => one.getBoundingClientRect());
    if (over.top >= box.bottom || over.left >= box.right) return;
    const beside = over.left > box.left + 1;
    const covered = beside ? [box.right - over.left, 0] : [0, box.bottom - over.top];
    map.panInside(at, {
      animate: false, paddingTopLeft: [50, 50], paddingBottomRight: [covered[0] + 50, covered[1] + 50],
    });
  }
}
const kept = new Card();

function fullScreen() {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const corners = svg("path", { d: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4", class: "corners" });
    const button = el("a", "", svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16 }, corners));
    button.href = "#";
    button.title = words.full_screen;
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", words.full_screen);
    const box = el("div", "leaflet-bar full", button);
    L.DomEvent.disableClickPropagation(box);
    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => box.remove());
    });
    return box;
  };
  return control;
}
