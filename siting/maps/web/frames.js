// Pages that hold several maps: each in a frame of its own, made from the parts that all share.

"use strict";
const words = JSON.parse(document.getElementById("words").textContent);

function el(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
}

function mapPage(scene, title) {
  const part = (id) => document.getElementById(id).textContent;
  const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return `<!DOCTYPE html><html lang="${document.documentElement.lang}"><head><meta charset="utf-8">` +
    `<title>${safe(title)}</title><style>${part("map-style")}</style></head><body>` +
    `<script type="application/json" id="siting-scene">${part(scene)}<\/script>` +
    `<script>${part("map-leaflet")}<\/script><script>${part("map-script")}<\/script></body></html>`;
}

// The map of the scene that the element with this id holds.
function mapFrame(scene, title) {
  const frame = el("iframe", "");
  frame.title = title;
  frame.setAttribute("sandbox", "allow-scripts");
  frame.allow = "fullscreen";
  frame.srcdoc = mapPage(scene, title);
  return frame;
}
