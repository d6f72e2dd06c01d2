import { h } from "./dom.js";
import { makeCopyable } from "./docs-copy.js";
import { curl } from "./docs-curl.js";
import { example } from "./docs-example.js";
import { markdown } from "./docs-markdown.js";
import { nameOf, resolve } from "./docs-model.js";
import { field, fields, typeOf } from "./docs-schema.js";

const callers = { user: "a person", apiKey: "an API key", widget: "a visitor" };
const places = [["path", "In the path"], ["query", "In the query"], ["header", "Headers"]];

/**
 * One operation: what it does, what it takes, what it answers, and how to call it.
 *
 * @param {object} operation as {@link chapters} gives it
 * @param {object} spec the document
 * @returns {HTMLElement}
 */
export function operation(operation, spec) {
    return h("article", { class: "operation", id: operation.id, "aria-labelledby": `${operation.id}-title` },
        h("h3", { id: `${operation.id}-title` },
            h("a", { href: `#${operation.id}` }, operation.summary || operation.path)),
        h("div", { class: "route" },
            h("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()),
                h("span", {}, operation.path)),
        h("p", { class: "access" }, access(operation)),
        operation.description && markdown(operation.description),
        h("div", { class: "columns" },
            h("div", {}, parameters(operation, spec), body(operation, spec), answers(operation, spec),
                errors(operation)),
            h("div", { class: "sample" }, sample(operation, spec))));
}

function access({ security }) {
    if (security.length === 0) return "Open to everybody.";
    const named = security.flatMap((each) => Object.entries(each)).map(([scheme, scopes]) =>
        `${callers[scheme] ?? scheme}${scopes.length ? ` with ${scopes.join(", ")}` : ""}`);
    return `For ${named.join(", or ")}.`;
}

function parameters({ parameters }, spec) {
    return places.map(([place, title]) => {
        const found = parameters.filter((each) => each.in === place);
        return found.length > 0 && [
            h("h4", {}, title),
            h("ul", { class: "fields" }, found.map((each) =>
                field(spec, each.name, { ...each.schema, ...(each.description && { description: each.description }) },
                    each.required))),
        ];
    });
}

function body({ requestBody }, spec) {
    const media = requestBody?.content?.["application/json"];
    if (!media) return null;
    const list = fields(spec, media.schema ?? {}, [nameOf(media.schema) ?? ""]);
    return [h("h4", {}, requestBody.required ? "Body" : "Body (optional)"),
        list ?? h("p", { class: "hint" }, typeOf(spec, media.schema ?? {}))];
}

function answers({ responses }, spec) {
    const good = Object.entries(responses ?? {}).filter(([status]) => status < "400");
    return [h("h4", {}, "Answers"), good.map(([status, value]) => {
        const response = resolve(spec, value);
        const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
        const list = media?.schema && fields(spec, media.schema, [nameOf(media.schema) ?? ""]);
        return h("div", { class: "answer" },
            h("span", { class: "code" }, status),
            h("span", {}, response.description || (media ? "" : "Nothing")), " ",
            media && h(
                "span", { class: "field-type" }, type === "application/json" ? typeOf(spec, media.schema ?? {}) : type),
            list && h("details", {}, h("summary", {}, "Fields"), list),
            type === "application/json" && media.schema && h("details", {}, h("summary", {}, "Example"),
                h("pre", { tabindex: "0" },
                    h("code", {},
                        JSON.stringify(media.example ?? example(spec, media.schema, { all: true }), null, 2)))));
    })];
}

function errors({ responses }) {
    const bad = Object.entries(responses ?? {}).filter(([status]) => status >= "400");
    if (bad.length === 0) return null;
    return [h("h4", {}, "Errors"), h("p", { class: "errors-line" }, bad.map(([status, value]) => {
        const code = nameOf(value);
        return [h("a", { href: code ? `#${code}` : "#errors" }, `${status} ${code ?? value.description ?? ""}`), " "];
    }))];
}

function sample(operation, spec) {
    const block = h("pre", { tabindex: "0", "aria-label": "Example call" }, h("code", {}, curl(operation, spec)));
    const holder = h("div", {}, block);
    makeCopyable(block);
    return [h("h4", {}, "Call it"), holder];
}
