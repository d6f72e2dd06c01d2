// The page /docs: the operations of /api/openapi.json as chapters, with search and contents.
import { $, h, replace } from "./dom.js";
import { operation } from "./docs-operation.js";
import { chapters } from "./docs-model.js";
import { makeCopyable } from "./docs-copy.js";
import { markdown } from "./docs-markdown.js";
import { search } from "./docs-search.js";

for (const place of document.querySelectorAll("[data-origin]")) place.textContent = location.origin;
for (const block of document.querySelectorAll("pre[data-copy]")) makeCopyable(block);

const menu = $("#menu");
const contents = $("#contents");
menu.addEventListener("click", () => showContents(!contents.classList.contains("open")));
contents.addEventListener("click", (event) => event.target.closest("a") && showContents(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && showContents(false));

function showContents(open) {
    contents.classList.toggle("open", open);
    menu.setAttribute("aria-expanded", String(open));
}

function chapter({ name, description, operations }, spec) {
    return h("section", { class: "chapter", id: `chapter-${slug(name)}`, "aria-label": name },
        h("h2", {}, name),
        description && h("div", { class: "about" }, markdown(description)),
        operations.map((each) => operation(each, spec)));
}

function chapterLinks({ name, operations }) {
    return [
        h("h2", {}, name),
        h("ul", {}, operations.map((each) => h("li", { dataset: { operation: each.id } },
            h("a", { href: `#${each.id}` },
                h("span", { class: `method ${each.method}` },
                    each.method === "delete" ? "DEL" : each.method.toUpperCase()),
                h("span", {}, breakable(each.path.replace(/^\/api/, "") || each.path)))))),
    ];
}

/** A path that breaks at its slashes where it is too long for its line. */
const breakable = (path) => path.split(/(?<=.)(?=\/)/).flatMap((part, index) => (index ? [h("wbr", {}), part] : [part]));

const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");

function followReading() {
    const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver((entries) => {
        const entry = entries.find((each) => each.isIntersecting);
        if (!entry) return;
        for (const link of links.values()) link.removeAttribute("aria-current");
        const link = links.get(entry.target.id);
        link?.setAttribute("aria-current", "true");
        if (!contents.classList.contains("open")) link?.scrollIntoView({ block: "nearest" });
    }, { rootMargin: "-70px 0px -70% 0px" });
    for (const part of document.querySelectorAll("#guide section, .operation")) seen.observe(part);
}

async function load() {
    const reference = $("#reference");
    try {
        const response = await fetch("/api/openapi.json", { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(`The server answered ${response.status}.`);
        const spec = await response.json();
        const all = chapters(spec);
        replace(reference, all.map((each) => chapter(each, spec)));
        replace($("#chapters"), all.map(chapterLinks));
        search($("#search"), all);
        if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
        followReading();
    } catch (error) {
        replace(reference,
            h("p", { role: "alert" }, `The operations could not be loaded. ${error.message}`), " ",
            h("button", { class: "button", type: "button", on: { click: load } }, "Try again"));
    }
    reference.setAttribute("aria-busy", "false");
}

load();
