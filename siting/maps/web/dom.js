// Text becomes text: everything on the page is made here, with text nodes and never with markup.

const scene = JSON.parse(document.getElementById("siting-scene").textContent);
const words = scene.words;

function el(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const child of children) if (child !== null && child !== "") node.append(child);
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// The sign of a cluster: its colour and a letter, so that neither has to be told apart alone.
// A hollow one has its colour as a rim only.
function chip(cluster, hollow = false) {
  const node = el("i", hollow ? "chip hollow" : "chip", cluster.glyph);
  if (hollow) {
    node.style.borderColor = cluster.colour;
    return node;
  }
  node.style.background = cluster.colour;
  node.style.color = cluster.ink;
  return node;
}

function swatch(item) {
  if (item.sign) return el("i", "diamond", item.sign);
  const node = el("i", item.hatch ? "swatch hatch" : "swatch");
  if (!item.hatch) node.style.background = item.fill;
  return node;
}

// What a tooltip and a popup say: a heading, a line, and rows that may carry a cluster's sign.
function card(facts) {
  const node = el("div", "card", el("b", "", facts.head));
  if (facts.sub) node.append(el("div", "sub", facts.sub));
  for (const row of facts.rows || []) {
    const text = el("div", "", el("span", "strong", row.text));
    for (const line of row.lines || []) text.append(el("div", "line", line));
    const sign = row.cluster === undefined ? null : chip(scene.clusters[row.cluster]);
    node.append(el("div", "row", sign, text));
  }
  return node;
}

// Tables of folium's GeoJsonTooltip and GeoJsonPopup, and plain text of Tooltip and Popup.
function detail(content) {
  if (typeof content === "string") return el("div", "plain", content);
  const body = el("tbody", "");
  for (const [label, value] of content) {
    body.append(el("tr", "", label === null ? null : el("th", "", label), el("td", "", value)));
  }
  return el("table", "", body);
}

// Leaflet writes layer names as markup; here they are put in as nodes.
const TextLayers = L.Control.Layers.extend({
  _addItem(item) {
    const nameless = Object.assign({}, item, { name: "" });
    const label = L.Control.Layers.prototype._addItem.call(this, nameless);
    label.querySelector("span span").replaceChildren(...item.layer.legend());
    return label;
  },
});
