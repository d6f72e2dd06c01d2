import { h, replace } from "../dom.js";

/** What is shown while something is on its way. */
export const loading = (text) => h(
    "p", { class: "state", role: "status" }, h("span", { class: "spinner", "aria-hidden": "true" }), text);

/**
 * What is shown where nothing is, with what to do about it.
 *
 * @param {string} title
 * @param {string} [hint]
 * @param {...Node} actions
 */
export const empty = (title, hint, ...actions) =>
    h("div", { class: "state" }, h("p", { class: "state-title" }, title), hint && h("p", { class: "hint" }, hint),
        actions);

/**
 * What is shown where something failed: what the server said about it, and a way to try again.
 *
 * @param {Error} problem
 * @param {() => void} [again]
 */
export const failed = (problem, again) =>
    h("div", { class: "state", role: "alert" },
        h("p", { class: "state-title" }, problem.message),
        problem.requestId && h("p", { class: "hint" }, "Request ", h("code", {}, problem.requestId)),
        again && h("button", { class: "button", type: "button", on: { click: again } }, "Try again"));

/**
 * Fills a place with what a call brings; loading and failure are shown there too.
 *
 * @param {Element} place
 * @param {string} text while loading
 * @param {() => Promise<any>} load
 * @param {(value: any) => any} show makes the children
 */
export async function fillWith(place, text, load, show) {
    replace(place, loading(text));
    place.setAttribute("aria-busy", "true");
    try {
        const value = await load();
        replace(place, show(value));
    } catch (problem) {
        replace(place, failed(problem, () => fillWith(place, text, load, show)));
    }
    place.removeAttribute("aria-busy");
}
