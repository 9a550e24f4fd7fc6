// SPDX-License-Identifier: Apache-2.0
//
// A handful of helpers around the document.

export const $ = (id) => document.getElementById(id);

/** A new element with properties (`dataset`, `style` and attributes with a dash included). */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for" || name === "scope") node.setAttribute(name, value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

/** A canvas of pixels: a picture that its owner names. */
export const canvas = (width, height) => make("canvas", { width, height, role: "img" });

/** A button that shows an avatar: its name says all, the canvas is silent. */
export const brick = (onclick) =>
  make("button", { type: "button", className: "brick", onclick }, make("canvas", { width: 32, height: 32, "aria-hidden": "true" }));

/** Planes [3, 32, 32] on a canvas of 32 x 32, or of its first `pixels` values. */
export function paintPlanes(node, planes, pixels = planes.length) {
  const size = planes.length / 3, image = new ImageData(32, 32);
  for (let p = 0; p < size; p++) {
    for (let plane = 0; plane < 3; plane++) {
      const there = plane * size + p < pixels;
      image.data[4 * p + plane] = there ? planes[plane * size + p] : 0;
    }
    image.data[4 * p + 3] = p < pixels ? 255 : 0;
  }
  node.getContext("2d").putImageData(image, 0, 0);
}

/** Colour of a custom property of the page. */
export const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Let the visitor save bytes or text as a file. */
export function save(name, content, type) {
  const link = make("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
