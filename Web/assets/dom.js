/**
 * Makes an element. Text is always set as text, never read as markup.
 *
 * @param {string} tag its name
 * @param {Object<string, any>} [props] attributes; `class`, `on: {event: handler}`, `dataset: {}`, and `false`, `null` or
 *   `undefined` for "leave out"; `true` for an attribute without a value
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
    return fill(document.createElement(tag), props, children);
}

/** Makes an SVG element, with the same arguments as {@link h}. */
export function s(tag, props, ...children) {
    return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

/**
 * Puts exactly these children into an element.
 *
 * @param {Element} element
 * @param {...any} children
 */
export function replace(element, ...children) {
    element.replaceChildren(...nodes(children));
    return element;
}

/** The first element that matches, below `root`. */
export const $ = (selector, root = document) => root.querySelector(selector);

function fill(element, props, children) {
    for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
    element.append(...nodes(children));
    return element;
}

function set(element, name, value) {
    if (value === undefined || value === null || value === false) return;
    if (name === "on") for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
}

function nodes(children) {
    return children
        .flat(Infinity)
        .filter((child) => child !== null && child !== undefined && child !== false)
        .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}
