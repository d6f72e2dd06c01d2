import { h } from "./dom.js";

/**
 * The small part of Markdown that descriptions use: paragraphs, lists, `code`, **strong**, [links](https://…).
 *
 * @param {string} text
 * @returns {HTMLElement}
 */
export function markdown(text) {
    const blocks = text.trim().split(/\n\s*\n/);
    return h("div", { class: "prose" }, blocks.map((block) => {
        const lines = block.split("\n");
        if (lines.every((line) => /^\s*[-*] /.test(line))) {
            return h("ul", {}, lines.map((line) => h("li", {}, inline(line.replace(/^\s*[-*] /, "")))));
        }
        return h("p", {}, inline(lines.join(" ")));
    }));
}

function inline(text) {
    return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\((?:https?:\/\/|\/|#)[^)\s]*\))/).map((part) => {
        if (part.startsWith("`") && part.endsWith("`") && part.length > 1) return h("code", {}, part.slice(1, -1));
        if (part.startsWith("**") && part.length > 4) return h("strong", {}, part.slice(2, -2));
        const link = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part);
        return link ? h("a", { href: link[2] }, link[1]) : part;
    });
}
