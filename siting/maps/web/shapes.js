// Maps that someone made with folium: their markers, lines and polygons, drawn from plain data.

const MAKERS = {
  marker: (shape) => L.marker(shape.at, {
    icon: shape.text === undefined ? pin(shape.colour) : textIcon(shape), alt: "",
    draggable: shape.draggable === true,
  }),
  circle: (shape) => L.circle(shape.at, shape.style),
  dot: (shape) => L.circleMarker(shape.at, shape.style),
  line: (shape) => L.polyline(shape.points, shape.style),
  polygon: (shape) => L.polygon(shape.points, shape.style),
  rectangle: (shape) => L.rectangle(shape.points, shape.style),
};

function pin(colour) {
  const shape = svg("path", {
    d: "M12 1a10 10 0 0 0-10 10c0 8 10 20 10 20s10-12 10-20A10 10 0 0 0 12 1Z",
    fill: colour, stroke: "#fff", "stroke-width": 1.5,
  });
  const sign = svg("svg", { viewBox: "0 0 24 32", width: 24, height: 32 });
  sign.append(shape, svg("circle", { cx: 12, cy: 11, r: 4, fill: "#fff" }));
  return L.divIcon({
    html: sign, className: "pin", iconSize: [24, 32], iconAnchor: [12, 31], popupAnchor: [0, -28],
  });
}

function textIcon(shape) {
  const size = shape.size || null;
  return L.divIcon({
    html: el("div", "plain", shape.text), className: "text-icon", iconSize: size,
    iconAnchor: shape.anchor || null,
  });
}

function drawShape(shape, into, map, controls) {
  if (shape.kind === "group") {
    const group = L.featureGroup();
    for (const child of shape.children) drawShape(child, group, map, controls);
    attach(shape, group, map);
    if (shape.name !== null) controls.push([shape, group]);
    if (shape.shown) group.addTo(into);
    return;
  }
  const layer = MAKERS[shape.kind](shape);
  attach(shape, layer, map);
  layer.addTo(into);
}

function attach(shape, layer, map) {
  if (shape.tip) layer.bindTooltip(() => detail(shape.tip.content), shape.tip.options);
  if (shape.popup) {
    layer.bindPopup(() => detail(shape.popup.content), shape.popup.options);
    if (shape.popup.open) map.whenReady(() => setTimeout(() => layer.openPopup(), 0));
  }
  if (shape.hover) {
    layer.on("mouseover", () => layer.setStyle(shape.hover));
    layer.on("mouseout", () => layer.setStyle(shape.style));
  }
  if (shape.zoom) {
    layer.on("click", () => (layer.getBounds ? map.fitBounds(layer.getBounds()) : map.flyTo(layer.getLatLng())));
  }
}

// The map of someone's own: their view, their shapes.
function drawView(box) {
  const map = openMap(box, scene.view);
  if (scene.fit) map.fitBounds(scene.fit.bounds, { animate: false, ...scene.fit.options });
  if (scene.zoom_control) wordedZoom(map);
  if (scene.scale) new WordedScale({ imperial: false }).addTo(map);
  drawShapes(map, scene.shapes);
}

function drawShapes(map, shapes) {
  const controls = [];
  for (const shape of shapes) drawShape(shape, map, map, controls);
  if (!scene.layer_control) return;
  const control = new TextLayers({}, {}, scene.layer_control);
  for (const [shape, layer] of controls) {
    layer.legend = () => [el("span", "", shape.name)];
    if (shape.overlay) control.addOverlay(layer, "");
    else control.addBaseLayer(layer, "");
  }
  control.addTo(map);
}
