// SPDX-License-Identifier: Apache-2.0
//
// What a page must be for people who read it on any screen, or hear it: sentences for what it is not.
// The value of this script is the list of them.
(() => {
  const problems = [];
  const shown = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
  const nameOf = (node) => `${node.tagName.toLowerCase()}${node.id ? "#" + node.id : ""}`;

  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) problems.push(`two elements are called #${id}`);
  if (!document.documentElement.lang) problems.push("the page has no language");
  if (document.querySelectorAll("main").length !== 1 || document.querySelectorAll("h1").length !== 1) problems.push("one main and one h1 are needed");
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const its = Number(heading.tagName[1]);
    if (its > level + 1) problems.push(`the heading '${heading.textContent}' skips a level`);
    if (!heading.textContent.trim()) problems.push(`the heading ${nameOf(heading)} is empty`);
    level = its;
  }
  for (const node of document.querySelectorAll("[data-text]")) {
    if (node.textContent === node.dataset.text || !node.textContent.trim()) problems.push(`the text ${node.dataset.text} is missing`);
  }
  const small = [...document.querySelectorAll("button, select, input:not([type=range])")].filter(shown);
  for (const node of small) {
    const box = node.getBoundingClientRect();
    if (box.height < 24 || box.width < 24) problems.push(`${nameOf(node)} is only ${box.width} x ${box.height}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) problems.push("the page is wider than the screen");
  for (const node of document.querySelectorAll("main *")) {
    const box = node.getBoundingClientRect();
    const clipped = node.closest(".scroll, .skip, pre");
    if (shown(node) && !clipped && box.right > innerWidth + 1) problems.push(`${nameOf(node)} reaches beyond the screen`);
  }

  // WCAG 2: relative luminance, contrast at least 4.5, or 3 for large text.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const colour = rgba(getComputedStyle(n).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  let measured = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const quiet = node.closest("script, noscript, option, :disabled, .skip");
    if (quiet || !walker.currentNode.textContent.trim() || !shown(node)) continue;
    const style = getComputedStyle(node);
    const [text, back] = [rgba(style.color), behind(node)].map((c) => luminance(c.slice(0, 3)));
    const ratio = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    measured++;
    if (ratio < (large ? 3 : 4.5)) problems.push(`'${node.textContent.trim().slice(0, 30)}' has a contrast of ${ratio.toFixed(2)}`);
  }
  if (measured < 40) problems.push(`only ${measured} texts were found`);
  return [...new Set(problems)];
})()
