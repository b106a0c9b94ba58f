// Puts the page together.

const WIDE = 720; // below this many pixels the words fold away
const HIGH = 560; // below this many pixels the notes stand with the legend

function openMap(box, options) {
  return L.map(box, {
    attributionControl: false, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.5,
    maxZoom: 16, ...options,
  });
}

function wordedZoom(map) {
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
}

// The scale bar, its unit in the language of the page.
const WordedScale = L.Control.Scale.extend({
  _updateScale(bar, text, ratio) {
    const [length, unit] = text.split(" ");
    L.Control.Scale.prototype._updateScale.call(this, bar, `${length} ${words[unit]}`, ratio);
  },
});

function insetFrame(box) {
  const frame = el("div", "inset", el("div", "inset-map"), el("p", "", words.inset));
  box.append(frame);
  L.DomEvent.disableClickPropagation(frame).disableScrollPropagation(frame);
  return frame;
}

function enlargement(main, frame) {
  const map = openMap(frame.firstChild, {
    dragging: false, scrollWheelZoom: false, doubleClickZoom: false, touchZoom: false,
    boxZoom: false, keyboard: false,
  });
  const fit = () => map.fitBounds(scene.inset, { animate: false, padding: [4, 4] });
  fit();
  map.on("resize", fit);
  L.rectangle(scene.inset, {
    color: "#16212b", weight: 1.2, dashArray: "4 3", fill: false, interactive: false,
    className: "inset-bounds",
  }).addTo(main);
  return map;
}

// Whether the reader has taken hold of an element.
const held = new WeakSet();
function moved(node) { return held.has(node); }
function watch(node) {
  for (const kind of ["pointerdown", "wheel", "keydown"]) {
    node.addEventListener(kind, () => held.add(node), { once: true, passive: true, capture: true });
  }
}

function drawPlaces(box, aside) {
  const map = openMap(box, {});
  const frame = scene.inset ? insetFrame(box) : null;
  // The enlargement stands to the right of the places, not on them, as far as there is room.
  const fit = () => {
    const right = Math.max(14, Math.min(frame ? frame.offsetWidth : 0, box.clientWidth / 3));
    map.setMinZoom(0);
    map.fitBounds(scene.bounds, {
      animate: false, paddingTopLeft: [14, 14], paddingBottomRight: [right, 14],
    });
    map.setMinZoom(map.getZoom() - 1);
  };
  fit();
  wordedZoom(map);
  new WordedScale({ imperial: false, maxWidth: 140 }).addTo(map);
  north().addTo(map);
  if (document.fullscreenEnabled) fullScreen().addTo(map);
  for (const url of scene.background ? scene.background.urls : []) {
    L.tileLayer(url, { subdomains: scene.background.subdomains, maxZoom: 18 }).addTo(map);
  }
  // A card that was asked for has the better right to the room.
  map.on("popupopen", (event) => {
    if (frame) frame.style.visibility = coveredInset(map, event.popup.getElement()) ? "hidden" : "";
  });
  map.on("popupclose", () => { if (frame) frame.style.visibility = ""; });
  const atlases = [new Atlas(map)];
  if (frame) atlases.push(new Atlas(enlargement(map, frame), true));
  const layers = layerBox(map, atlases);
  if (scene.clusters.length) {
    aside.append(el("section", "", el("h2", "", words.cluster_layers), layers));
  } else {
    layers.remove();
  }
  linkLegend(atlases);
  atlases.forEach((atlas) => atlas.names.arrange());
  drawShapes(map, scene.shapes);
  aside.prepend(searchBox(map, atlases[0], drawDots(map)));
  // A frame may be shown, or a window drawn larger, after it was opened: until the reader moves the
  // map it goes on showing all of it.
  map.on("resize", () => {
    if (!moved(box)) fit();
  });
  follow(map, box, fit);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
  aside.addEventListener("toggle", () => {
    map.invalidateSize({ animate: false });
    fit();
  });
  for (const kind of ["beforeprint", "afterprint"]) {
    window.addEventListener(kind, () => {
      if (window.self !== window.top && !paper) return; // nobody has said what size it will have
      toPaper(aside, kind === "beforeprint");
      for (const atlas of atlases) atlas.map.invalidateSize({ animate: false });
      fit();
    });
  }
}

// What the page around a frame says of it on paper: width, height and side; else it is a sheet of A4.
let paper = null;

// On paper all words are open, and smaller where they would not fit.
function toPaper(fold, printing) {
  const root = document.documentElement;
  root.classList.toggle("printing", printing);
  if (paper) {
    const [width, height] = printing ? paper.size.map((one) => `${one}px`) : ["", ""];
    Object.assign(document.body.style, { width, height });
    if (printing) paper.before = [root.dataset.side, "narrow" in root.dataset];
    if (paper.side) standBeside(...(printing ? [paper.side, paper.side === "below"] : paper.before));
  }
  arrange();
  const box = fold.closest(".words") || fold.parentElement;
  box.scrollTop = 0;
  fold.style.zoom = "";
  for (let size = 95; printing && size >= 40 && box.scrollHeight > box.clientHeight; size -= 5) {
    fold.style.zoom = `${size}%`;
  }
}

// On a narrow screen the words fold away below the map; on a low one the notes go to the legend.
function arrange() {
  const root = document.documentElement;
  const [fold, foot, notes] = [".fold", "footer", ".notes"].map((what) => document.querySelector(what));
  const printing = root.classList.contains("printing");
  const narrow = (printing ? (paper ? paper.size[0] : WIDE) : window.innerWidth) < WIDE;
  root.classList.toggle("small", narrow);
  if (printing || !moved(fold.firstChild)) fold.open = printing || !narrow;
  if (!notes) return;
  const beside = narrow || (!printing && window.innerHeight < HIGH) || "side" in root.dataset;
  (beside ? fold : foot).append(notes);
}

// In a page that compares maps, all of them show the same ground; in one that opened a map large,
// Esc leaves it once no popup is open.
function follow(map, box, fit) {
  if (window.self === window.top) return;
  let told = "";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || map.getContainer().querySelector(".leaflet-popup")) return;
    window.parent.postMessage({ sitingLeave: true }, "*");
  }, { capture: true });
  const tell = () => window.parent.postMessage({ sitingView: view() }, "*");
  const lead = () => document.documentElement.dataset.side === "left" && tell();
  const view = () => [map.getCenter().lat, map.getCenter().lng, map.getZoom()];
  const text = (at) => at.map((one) => one.toFixed(5)).join(" ");
  map.on("moveend", () => {
    if (!moved(box) || text(view()) === told) return;
    told = text(view());
    tell();
  });
  map.on("resize", lead); // of two maps, the left one says what both show
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !event.data) return;
    if ("sitingPaper" in event.data) paper = event.data.sitingPaper;
    if ("sitingSide" in event.data) {
      standBeside(event.data.sitingSide, event.data.sitingNarrow);
      map.invalidateSize({ animate: false });
      if (!moved(box)) fit();
      lead();
    }
    const at = event.data.sitingView;
    if (!Array.isArray(at) || !at.every(Number.isFinite)) return;
    held.add(box);
    told = text(at);
    map.setView([at[0], at[1]], at[2], { animate: false });
  });
}

// In a pair of maps all words move into one panel, on the side that the page around them tells.
function standBeside(side, narrow) {
  const data = document.documentElement.dataset;
  data.side = side;
  delete data.narrow;
  if (narrow) data.narrow = "yes";
  if (document.querySelector(".panel")) return;
  const [head, aside, foot] = ["header", "aside", "footer"].map((name) => document.querySelector(name));
  if (!head || !aside) return;
  const fold = aside.querySelector(".fold");
  held.add(fold.firstChild);
  fold.open = true;
  document.querySelector("main").append(el("div", "panel", el("div", "words", head, aside), foot));
  arrange();
}

function start() {
  const box = el("div", "map");
  const fold = el("details", "fold", el("summary", "", words.panel));
  watch(fold.firstChild);
  watch(box);
  const aside = el("aside", "", scene.places.length ? kept.node : null, fold);
  document.body.append(svg("svg", { width: 0, height: 0, class: "defs", "aria-hidden": "true" }, defs));
  hatch();
  if (scene.title) document.body.append(heading());
  const framed = scene.title || scene.legends.length;
  document.body.classList.toggle("framed", Boolean(framed));
  document.body.append(el("main", "", box, framed ? aside : null));
  if (scene.title) document.body.append(footing());
  for (const legend of scene.legends) fold.append(legendBox(legend));
  if (framed) {
    arrange();
    window.addEventListener("resize", arrange);
    // Where words scroll, they scroll by key too.
    const reach = (node) => { node.tabIndex = node.scrollHeight > node.clientHeight ? 0 : -1; };
    for (const node of document.querySelectorAll("footer")) new ResizeObserver(() => reach(node)).observe(node);
  }
  if (scene.places.length) drawPlaces(box, fold);
  else drawView(box);
  document.documentElement.dataset.drawn = "yes";
}

start();
