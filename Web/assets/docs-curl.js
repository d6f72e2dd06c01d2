import { example } from "./docs-example.js";

/**
 * A shell command that makes this call.
 *
 * @param {object} operation
 * @param {object} spec the document
 * @returns {string}
 */
export function curl(operation, spec) {
    const lines = [];
    const streams = Object.values(operation.responses ?? {}).some((each) => each.content?.["text/event-stream"]);
    const verb = operation.method === "get" ? "" : `X ${operation.method.toUpperCase()}`;
    const address = quote(location.origin + path(operation, spec));
    const start = `curl -${streams ? "N" : "s"}${verb}`;
    // A long address gets a line of its own, so that the column need not be scrolled.
    lines.push(...(start.length + address.length > 46 ? [start, address] : [`${start} ${address}`]));
    if (operation.security.length > 0) lines.push(`-H "Authorization: Bearer ${token(operation)}"`);
    const body = operation.requestBody?.content?.["application/json"];
    if (body) {
        lines.push("-H 'Content-Type: application/json'");
        lines.push(`-d ${quote(JSON.stringify(body.example ?? example(spec, body.schema ?? {}), null, 2))}`);
    }
    return lines.join(" \\\n  ");
}

function token(operation) {
    const schemes = operation.security.flatMap((each) => Object.keys(each));
    if (schemes.includes("user")) return "$TOKEN";
    return schemes.includes("apiKey") ? "$API_KEY" : "$WIDGET_TOKEN";
}

function path(operation, spec) {
    const filled = operation.path.replace(/\{([^}]+)\}/g, (_, name) => place(operation, name));
    const needed = operation.parameters.filter((each) => each.in === "query" && each.required);
    const query = needed.map(
        (each) => `${each.name}=${encodeURIComponent(example(spec, each.schema ?? {}, {}, each.name))}`);
    return query.length ? `${filled}?${query.join("&")}` : filled;
}

function place(operation, name) {
    if (name === "name") return "sales";
    if (name !== "id") return `$${name.replace(/([a-z])([A-Z])/g, "$1_$2").replace(/_?id$/i, "").toUpperCase()}`;
    const before = operation.path.split("/{id}")[0].split("/").pop();
    return `$${before.replace(/ies$/, "y").replace(/s$/, "").replace(/-/g, "_").toUpperCase()}`;
}

function quote(text) {
    if (/^[^'"\s$&?*]+$/.test(text)) return text;
    if (text.includes("$") && !/["`\\{]/.test(text)) return `"${text}"`;
    return `'${text.replace(/'/g, "'\\''")}'`;
}
