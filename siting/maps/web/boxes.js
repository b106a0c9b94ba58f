// What stands around the map: title, legend, layers, notes, scale and north.

function heading() {
  const node = el("header", "", el("h1", "", scene.title));
  for (const line of scene.subtitles) node.append(el("p", "", line));
  return node;
}

function legendBox(legend) {
  const list = el("ul", "legend");
  for (const item of legend.items) {
    const text = el("span", "", item.label);
    if (item.detail) text.append(el("small", "", item.detail));
    const line = el("li", "", swatch(item), text);
    if (item.kind !== undefined) line.dataset.kind = item.kind;
    if (item.dot !== undefined) line.dataset.dot = item.dot;
    list.append(line);
  }
  return el("section", "", el("h2", "", legend.title), legend.rule ? el("p", "rule", legend.rule) : null, list);
}

// The number of the review is always in view; the notes are not on a small screen.
function footing() {
  const review = el("p", "review", el("span", "", scene.review), el("strong", "", scene.internal));
  return el("footer", "", review, el("div", "notes", ...scene.notes.map((line) => el("p", "", line))));
}

function north() {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const sign = svg("svg", { viewBox: "0 0 24 34", width: 26, height: 37, "aria-hidden": "true" });
    sign.append(svg("path", { d: "M12 1 20 31 12 25Z", fill: "#22303c" }));
    sign.append(svg("path", { d: "M12 1 4 31 12 25Z", fill: "#fff", stroke: "#22303c" }));
    return el("div", "north", el("span", "", words.north), sign);
  };
  return control;
}

// The layer control, its lines made of signs and text.
function layerBox(map, atlases) {
  const control = new TextLayers({}, {}, { collapsed: false });
  const all = (act) => atlases.forEach(act);
  const add = (layer, on) => {
    control.addOverlay(layer, "");
    if (on) layer.addTo(map);
  };
  if (scene.clusters.length) {
    const change = (on) => { classed = on; all((atlas) => atlas.paint()); };
    add(switchLayer(() => [el("span", "", words.stack)], change), true);
  }
  scene.clusters.forEach((cluster, c) => {
    const legend = () => [
      chip(cluster), el("span", "", cluster.name, el("small", "", cluster.note)),
    ];
    const change = (on) => {
      if (on) shown.add(c); else shown.delete(c);
      all((atlas) => atlas.paint());
    };
    add(switchLayer(legend, change), cluster.shown);
  });
  if (scene.zones.length) {
    const legend = () => [el("i", "diamond", "◆"), el("span", "", words.zones)];
    const change = (on) => all((atlas) => (on ? atlas.zones.addTo(atlas.map) : atlas.zones.remove()));
    add(switchLayer(legend, change), true);
  }
  control.addTo(map);
  return control.getContainer();
}
