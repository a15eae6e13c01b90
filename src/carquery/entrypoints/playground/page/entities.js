/**
 * Telegram's formatted text as elements.
 *
 * Entities count in UTF-16 code units, as JavaScript strings do. Source: Bot API, MessageEntity.
 */

import { el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const isBlock = ({ type }) => ["pre", "blockquote"].includes(TAGS[type]);
const OPENABLE = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

/** Nodes for `text`. `onCommand`: called with a bot command such as «/menu» when it is pressed. */
export function formatted(text, entities = [], onCommand = () => {}) {
  const inOrder = entities
    .map((entity) => ({ ...entity, end: Math.min(entity.offset + entity.length, text.length) }))
    .filter((entity) => entity.offset >= 0 && entity.offset < entity.end)
    .sort((one, other) => one.offset - other.offset || other.end - one.end);
  return nodes(text, 0, text.length, inOrder, onCommand);
}

function nodes(text, start, end, entities, onCommand) {
  const result = [];
  let at = start;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    if (entity.offset > at) result.push(text.slice(at, entity.offset));
    // What begins inside belongs inside; what sticks out of it goes on after it.
    const inner = others.filter((other) => other.offset < entity.end);
    const clipped = inner.map((other) => ({ ...other, end: Math.min(other.end, entity.end) }));
    const leftOver = inner
      .filter((other) => other.end > entity.end)
      .map((other) => ({ ...other, offset: entity.end }));
    const content = nodes(text, entity.offset, entity.end, clipped, onCommand);
    result.push(wrapped(entity, text.slice(entity.offset, entity.end), content, onCommand));
    // A block ends its line by itself.
    at = isBlock(entity) && text[entity.end] === "\n" ? entity.end + 1 : entity.end;
    rest = [...leftOver, ...others.filter((other) => other.offset >= entity.end)];
  }
  if (at < end) result.push(text.slice(at, end));
  return result;
}

function wrapped(entity, covered, content, onCommand) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, content);
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(covered) ? covered : `https://${covered}`, content);
    case "email":
      return link(`mailto:${covered}`, content);
    case "phone_number":
      return link(`tel:${covered.replace(/[^\d+]/g, "")}`, content);
    case "bot_command":
      return el("button", { type: "button", class: "text-link", onclick: () => onCommand(covered) }, content);
    case "spoiler":
      return spoiler(content);
    default:
      return entity.type in TAGS ? el(TAGS[entity.type], {}, content) : el("span", { class: "mention" }, content);
  }
}

function link(address, content) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return el("span", {}, content);
  }
  if (!OPENABLE.has(url.protocol)) return el("span", {}, content);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, content);
}

function spoiler(content) {
  const cover = el("button", { type: "button", class: "spoiler", "aria-label": "Показать скрытое" });
  const hidden = el("span", { class: "spoiler-text" }, content);
  cover.append(hidden);
  cover.addEventListener("click", () => cover.replaceWith(...hidden.childNodes), { once: true });
  return cover;
}
