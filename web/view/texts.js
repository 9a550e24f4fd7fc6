// SPDX-License-Identifier: Apache-2.0
//
// Texts by key in the language of the page.

import { ENGLISH } from "./texts_en.js";
import { JAPANESE, JAPANESE_WORDS } from "./texts_ja.js";

const LANGUAGES = { en: ENGLISH, ja: JAPANESE };
let language = "en";

export const languageNow = () => language;

/** The visitor's language if there are texts in it. */
export const preferred = () => (navigator.languages ?? ["en"]).map((l) => l.slice(0, 2)).find((l) => l in LANGUAGES) ?? "en";

/** A number as people read it; `digits` behind the point. */
export const number = (value, digits = 0) =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The text of a key; numbers among the facts are formatted. */
export function t(key, facts = {}) {
  const text = LANGUAGES[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = facts[name] ?? "";
    return typeof value === "number" && Number.isInteger(value) ? number(value) : value;
  });
}

/** An attribute or its value in words. */
export function word(name) {
  const own = language === "ja" ? JAPANESE_WORDS[name] : null;
  return own ?? name.replaceAll("_", " ");
}

/** Choose a language and write every text that stands in the page itself. */
export function setLanguage(chosen, facts) {
  language = chosen in LANGUAGES ? chosen : "en";
  document.documentElement.lang = language;
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text, facts);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label, facts));
  for (const node of document.querySelectorAll("[data-language]")) {
    node.setAttribute("aria-pressed", String(node.dataset.language === language));
  }
}
