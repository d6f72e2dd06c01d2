import { h } from "../dom.js";

const platforms = [
    ["", "Channel"], ["web", "Web"], ["email", "E-mail"], ["whatsapp", "WhatsApp"], ["api", "API"],
    ["internal", "Internal"]];
/** How a channel is called. */
export const platformName = (platform) => platforms.find(([name]) => name === platform)?.[1] ?? platform;

const statuses = [["active", "Open"], ["archived", "Archived"], ["", "All"]];

/**
 * Search and filters of the list.
 *
 * @param {object} me
 * @param {(query: object) => void} changed
 * @param {() => void} begin a conversation of the person's own
 */
export function filters(me, changed, begin) {
    const search = h(
        "input", { type: "search", id: "list-search", placeholder: "Search", title: "Title or customer",
            "aria-label": "Search title or customer", autocomplete: "off", maxlength: "200" });
    const status = select("Status", statuses);
    const platform = select("Channel", platforms);
    const mine = toggle("Mine");
    const waiting = toggle("Waiting");
    waiting.title = "Who asked for a person, or whose last message nobody has answered";

    const query = () => ({
        waiting: pressed(waiting),
        parameters: clean({
            q: search.value.trim(), status: status.value, platform: platform.value,
                assignee: pressed(mine) ? me.user.id : "",
        }),
    });
    const tell = () => changed(query());
    let timer;
    search.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(tell, 250);
    });
    for (const each of [status, platform]) each.addEventListener("change", tell);
    for (const each of [mine, waiting]) {
        each.addEventListener("click", () => {
            each.setAttribute("aria-pressed", String(!pressed(each)));
            tell();
        });
    }
    const note = h("button", { class: "button small", type: "button", on: { click: begin },
        title: "A conversation of your own with the agents; no customer sees it" }, "New note");
    const element = h(
        "div", { class: "filters", role: "search" }, h("div", { class: "filter-row" }, search, note),
        h("div", { class: "filter-row" }, status, platform, mine, waiting));
    return { element, query, focus: () => search.focus() };
}

const select = (label, options) => h(
    "select", { "aria-label": label }, options.map(([value, text]) => h("option", { value }, text)));
const toggle = (text) => h("button", { class: "button small toggle", type: "button", "aria-pressed": "false" }, text);
const pressed = (button) => button.getAttribute("aria-pressed") === "true";
const clean = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value));
