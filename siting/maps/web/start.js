// Puts the page together.

const WIDE = 720; // below this many pixels the notes fold away

function openMap(box, options) {
  return L.map(box, {
    attributionControl: false, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.5,
    maxZoom: 16, ...options,
  });
}

function wordedZoom(map) {
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
}

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
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  north().addTo(map);
  const atlases = [new Atlas(map)];
  if (frame) atlases.push(new Atlas(enlargement(map, frame), true));
  const layers = layerBox(map, atlases);
  if (scene.clusters.length) {
    aside.append(el("section", "", el("h2", "", words.clusters), layers));
  } else {
    layers.remove();
  }
  atlases.forEach((atlas) => atlas.names.arrange());
  drawShapes(map, scene.shapes);
  // A frame may be shown, or a window drawn larger, after it was opened: until the reader moves the
  // map it goes on showing all of it.
  map.on("resize", () => {
    if (!moved(box)) fit();
  });
  aside.addEventListener("toggle", () => {
    map.invalidateSize({ animate: false });
    fit();
  });
  // On paper the sheet is another size: fit again, before and after.
  const refit = (printing) => {
    document.documentElement.classList.toggle("printing", printing);
    map.invalidateSize({ animate: false });
    fit();
  };
  if (window.self === window.top) { // in a frame, the page around it sees to its size
    window.addEventListener("beforeprint", () => refit(true));
    window.addEventListener("afterprint", () => refit(false));
  }
}

function start() {
  const box = el("div", "map");
  const fold = el("details", "fold", el("summary", "", words.panel));
  const unfold = () => { fold.open = window.innerWidth >= WIDE; };
  unfold();
  watch(fold.firstChild);
  watch(box);
  window.addEventListener("resize", () => {
    if (!moved(fold.firstChild)) unfold();
  });
  const aside = el("aside", "", fold);
  document.body.append(svg("svg", { width: 0, height: 0, class: "defs", "aria-hidden": "true" }, defs));
  hatch();
  if (scene.title) document.body.append(heading());
  const framed = scene.title || scene.legends.length;
  document.body.classList.toggle("framed", Boolean(framed));
  document.body.append(el("main", "", box, framed ? aside : null));
  if (scene.title) document.body.append(footing());
  for (const legend of scene.legends) fold.append(legendBox(legend));
  if (scene.places.length) drawPlaces(box, fold);
  else drawView(box);
  document.documentElement.dataset.drawn = "yes";
}

start();
