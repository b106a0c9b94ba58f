// Finding things: a box that finds a place, a legend that shows its places, a panel that keeps a card.

function folded(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}

// Type a name, choose it or press Enter: the map goes there and says what it knows.
function searchBox(map, atlas, dots) {
  const list = el("datalist", "");
  list.id = "place-names";
  for (const place of scene.places) {
    const option = el("option", "");
    option.value = place.name;
    list.append(option);
  }
  const input = el("input", "");
  input.type = "search";
  input.placeholder = words.search;
  input.setAttribute("aria-label", words.search);
  input.setAttribute("list", list.id);
  const said = el("output", "");
  const go = (exact) => {
    const wanted = folded(input.value);
    said.textContent = "";
    if (!wanted) return;
    const names = scene.places.map((place) => folded(place.name));
    let at = names.indexOf(wanted);
    if (at < 0 && exact) return;
    if (at < 0) at = names.findIndex((name) => name.includes(wanted));
    if (at < 0 && !(dots && dots.find(wanted))) return void (said.textContent = words.not_found);
    if (at < 0) return;
    const place = scene.places[at];
    held.add(map.getContainer());
    map.fitBounds(L.latLngBounds(place.latlngs.flat(2)), {
      animate: false, padding: [60, 60], maxZoom: map.getMinZoom() + 3,
    });
    atlas.base[at].openPopup(L.latLng(place.at));
  };
  input.addEventListener("input", () => go(true));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go(false);
  });
  return el("section", "search", input, list, said);
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

// What was clicked stays readable beside the map when its popup is gone.
function keepCard(map) {
  const body = el("div", "", el("p", "rule", words.pick));
  map.on("popupopen", (event) => {
    const facts = event.popup._source && event.popup._source.facts;
    if (facts) body.replaceChildren(card(facts));
  });
  return el("section", "kept", el("h2", "", words.picked), body);
}

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
