import { h } from "./dom.js";
import { markdown } from "./docs-markdown.js";
import { nameOf, resolve } from "./docs-model.js";

const deepest = 5;

/**
 * The fields of an object's schema as a list, those of nested objects folded.
 *
 * @param {object} spec the document
 * @param {object} schema
 * @param {string[]} [path] names of the shapes around this one
 * @returns {HTMLElement|null} nothing for a schema without fields
 */
export function fields(spec, schema, path = []) {
    const { properties, required } = shape(spec, schema);
    const names = Object.keys(properties);
    if (names.length === 0) return null;
    return h("ul", { class: "fields" },
        names.map((name) => field(spec, name, properties[name], required.includes(name), path)));
}

/** One named value with its type, limits, description and what is inside. */
export function field(spec, name, schema, required, path = []) {
    const inner = inside(spec, schema, path);
    const resolved = { ...resolve(spec, schema), ...without(schema, "$ref") };
    const limits = limitsOf(resolved);
    return h("li", {},
        h("span", { class: "field-name" }, name), " ",
        h("span", { class: "field-type" }, typeOf(spec, schema)), " ",
        required && h("span", { class: "required" }, "required"),
        resolved.description && h("div", { class: "field-note" }, markdown(resolved.description)),
        limits && h("div", { class: "field-note limits" }, limits),
        inner && h("details", {}, h("summary", {}, `Fields of ${name}`), inner));
}

/**
 * The type in words: `string`, `integer or null`, `list of Message`.
 *
 * @param {object} spec the document
 * @param {object} schema
 * @returns {string}
 */
export function typeOf(spec, schema) {
    const name = nameOf(schema);
    if (name) return name;
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return choices.map((each) => typeOf(spec, each)).join(" or ");
    if (schema.allOf) return schema.allOf.map(nameOf).filter(Boolean).join(" and ") || "object";
    const types = [schema.type ?? (schema.enum ? "string" : "any")].flat();
    return types.map((type) => (type === "array" ? `list of ${typeOf(spec, schema.items ?? {})}` : type)).join(" or ");
}

/** Properties and required names of an object, over references, `allOf` and a null beside it. */
export function shape(spec, schema) {
    const resolved = resolve(spec, schema);
    const parts = [
        resolved, ...(resolved.allOf ?? []),
        ...(resolved.anyOf ?? resolved.oneOf ?? []).filter((each) => each.type !== "null")];
    const result = { properties: {}, required: [] };
    for (const part of parts) {
        const { properties, required } = part === resolved ? resolved : shape(spec, part);
        Object.assign(result.properties, properties);
        result.required.push(...(required ?? []));
    }
    return result;
}

function inside(spec, schema, path) {
    if (path.length >= deepest) return null;
    const resolved = resolve(spec, schema);
    const target = [resolved.type].flat().includes("array") ? resolved.items : schema;
    const name = nameOf(target) ?? nameOf((target?.anyOf ?? [])[0]) ?? "";
    if (!target || (name && path.includes(name))) return null;
    return fields(spec, target, [...path, name]);
}

function limitsOf(schema) {
    const parts = [];
    if (schema.enum) parts.push(h("span", {}, "One of ", join(schema.enum.map((each) => h("code", {}, String(each))))));
    if (schema.const !== undefined) parts.push(h("span", {}, "Always ", h("code", {}, JSON.stringify(schema.const))));
    range(parts, schema.minLength, schema.maxLength, "characters");
    range(parts, schema.minimum, schema.maximum, "");
    range(parts, schema.minItems, schema.maxItems, "items");
    if (schema.format) parts.push(`Format ${schema.format}`);
    if (schema.pattern) parts.push(h("span", {}, "Pattern ", h("code", {}, schema.pattern)));
    if (schema.default !== undefined) parts.push(
        h("span", {}, "Without it ", h("code", {}, JSON.stringify(schema.default))));
    const example = schema.example ?? schema.examples?.[0];
    if (example !== undefined) parts.push(
        h("span", {}, "Example ", h("code", {}, typeof example === "string" ? example : JSON.stringify(example))));
    return parts.length ? join(parts, ". ") : null;
}

function range(parts, low, high, unit) {
    const number = (value) => value.toLocaleString("en");
    let text;
    if (low !== undefined && high !== undefined) text = low === high ? `Exactly ${number(low)}`
        : `${number(low)} to ${number(high)}`;
    else if (low !== undefined) text = `At least ${number(low)}`;
    else if (high !== undefined) text = `At most ${number(high)}`;
    if (text) parts.push(`${text}${unit && ` ${unit}`}`);
}

const join = (items, between = ", ") => items.flatMap((each, index) => (index ? [between, each] : [each]));
const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
