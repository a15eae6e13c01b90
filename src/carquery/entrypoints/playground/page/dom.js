/** Building elements. Strings become text nodes, never markup. */

/** An element; `on…` properties are listeners, false and null attributes are left out. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A picture from the page's own set of symbols. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Show a number on a badge; 0 hides it. */
export function setBadge(badge, count) {
  badge.hidden = count === 0;
  badge.textContent = count > 99 ? "99+" : String(count);
}

/**
 * Make the children of `parent` those of `items`, in order, touching only what changed.
 *
 * An item is {key, signature, build}. Returns the keys of what is new and of what was built again.
 */
export function reconcile(parent, items) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const added = new Set();
  const changed = new Set();
  let place = parent.firstElementChild;
  for (const { key, signature, build } of items) {
    let node = old.get(key);
    old.delete(key);
    if (node === undefined || node.dataset.signature !== signature) {
      (node === undefined ? added : changed).add(key);
      const fresh = build(node);
      Object.assign(fresh.dataset, { key, signature });
      if (node === place && node !== undefined) place = place.nextElementSibling;
      node?.remove();
      node = fresh;
    }
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const gone of old.values()) gone.remove();
  return { added, changed };
}

/** Put the focus onto what it was on in `old`, by `data-focus`, or else first in `fresh`, once that stands in its place. */
export function keepFocus(old, fresh) {
  const name = old?.contains(document.activeElement) && document.activeElement.dataset.focus;
  if (!name) return;
  const same = fresh.querySelector(`[data-focus="${name}"]`) ?? fresh.querySelector("[data-focus]");
  queueMicrotask(() => same?.focus({ preventScroll: true }));
}
