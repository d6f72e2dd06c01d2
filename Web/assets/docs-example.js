import { resolve, nameOf } from "./docs-model.js";
import { shape } from "./docs-schema.js";

// What a field of that name would hold in a real call, where the document has no example of its own.
const byName = {
    email: "ana@example.com", password: "correct horse battery", currentPassword: "correct horse battery",
    newPassword: "a better one", name: "Ana", username: "ana", companyName: "Ana’s Roastery", industry: "coffee",
    brandPersonality: "warm, brief, a little dry", content: "@sales how much is the hand grinder?", title: "Grinder",
    description: "Steel burrs, 40 g", sku: "GRIND-1", priceCents: 8900, amountCents: 8900, currency: "EUR", quantity: 1,
    externalId: "customer-42", phone: "+34 600 000 000", key: "sb_pub_…", agentName: "mem", role: "member",
    instructions: "Answer questions about returns.", refreshToken: "$REFRESH_TOKEN",
        visitorId: "3f0c8d8e-5b0f-4f5e-9f43-8f2d1d1c7a10",
    hash: "9f86d081…", clientMessageId: "c-1", assignee: "$USER", agent: "sales", temperature: 0.3, q: "grinder",
    reasoning: "The catalogue has it.", functionCalls: [], functionOutputs: [], model: "gpt-4o-mini",
    tools: ["products.search"], scopes: ["conversations:read"], state: {}, metadata: {}, settings: {},
};

/**
 * A value that fits a schema, for examples.
 *
 * @param {object} spec the document
 * @param {object} schema
 * @param {{all?: boolean}} [options] `all`: optional fields too
 * @param {string} [name] of the field that holds it
 */
export function example(spec, schema, options = {}, name = "", path = []) {
    const resolved = { ...resolve(spec, schema), ...(schema.$ref ? {} : schema) };
    const given = resolved.example ?? resolved.examples?.[0] ?? resolved.default ?? resolved.const;
    if (given !== undefined) return given;
    if (resolved.enum) return resolved.enum.includes(byName[name]) ? byName[name] : resolved.enum[0];
    const choice = (resolved.anyOf ?? resolved.oneOf)?.find((each) => each.type !== "null");
    if (choice) return example(spec, choice, options, name, path);
    const type = [resolved.type ?? (resolved.properties || resolved.allOf ? "object" : "any")].flat()[0];
    if (type !== "object" && byName[name] !== undefined) return byName[name];
    switch (type) {
    case "object": return object(spec, schema, options, path);
    case "array": return [example(spec, resolved.items ?? {}, options, singular(name), path)]
        .filter((each) => each !== undefined);
    case "integer": case "number": return resolved.minimum > 0 ? resolved.minimum : 1;
    case "boolean": return true;
    case "string": return text(resolved, name);
    default: return byName[name] ?? {};
    }
}

function object(spec, schema, options, path) {
    const name = nameOf(schema);
    if (name && path.includes(name)) return {};
    const { properties, required } = shape(spec, schema);
    const names = Object.keys(properties);
    const wanted = options.all || required.length === 0 ? names.slice(0, options.all ? names.length : 3) : required;
    return Object.fromEntries(wanted.map((each) =>
        [each, example(spec, properties[each], options, each, name ? [...path, name] : path)]));
}

function text(schema, name) {
    switch (schema.format) {
    case "uuid": return "01985f3c-7a10-7c2e-9d42-0f6a3c1b2e4d";
    case "date-time": return "2026-01-31T08:00:00.000Z";
    case "email": return "ana@example.com";
    case "uri": case "url": return "https://shop.example.com";
    default: return /(^i|I)d$/.test(name) ? "01985f3c-7a10-7c2e-9d42-0f6a3c1b2e4d" : name ? `a ${name}` : "text";
    }
}

const singular = (name) => name.replace(/s$/, "");
