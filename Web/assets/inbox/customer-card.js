import { h, replace } from "../dom.js";
import { all, get, patch } from "./api.js";
import { companyIdOf, customerName } from "./conversation-row.js";
import { form } from "./form.js";
import { brief, dateOf, money } from "./format.js";
import { linkTo } from "./router.js";
import { empty, fillWith } from "./states.js";
import { plain } from "./text.js";

/**
 * The customer of a conversation: who they are, what they bought, what else they wrote.
 *
 * @param {import("./thread-data.js").ThreadData} data
 */
export function customerCard(data) {
    const body = h("div", { class: "card-body" });
    const element = h("aside", { class: "customer-card", id: "customer-card", "aria-label": "Customer" }, body);
    let isLoaded = false;

    function load() {
        if (isLoaded) return;
        isLoaded = true;
        const { customerId } = data.head;
        if (!customerId) return replace(body, empty("No customer", "This conversation is not with a customer."));
        fillWith(body, "Loading the customer…", () => read(customerId), show);
    }

    async function read(customerId) {
        const [customer, sales, products, conversations] = await Promise.all([
            get(`/customers/${customerId}`), get(`/sales?customerId=${customerId}&limit=20`), all("/products", 400),
            get(`/conversations?customerId=${customerId}&limit=20`),
        ]);
        return { customer, sales: sales.data, products, conversations: conversations.data };
    }

    function show({ customer, sales, products, conversations }) {
        const others = conversations.filter((each) => each.id !== data.id);
        return [
            h("h2", {}, h("bdi", {}, customerName({ customer, customerId: customer.id }))),
            facts(customer),
            h("details", {}, h("summary", {}, "Edit"), edit(customer, (saved) => {
                data.setHead({ customer: saved });
                isLoaded = false;
                load();
            })),
            h("h3", {}, "Sales"), salesList(sales, products),
            h("h3", {}, "Other conversations"),
            others.length ? h("ul", { class: "plain" }, others.map((each) => h("li", {},
                h("a", { href: linkTo("c", each.id) },
                    plain(each.title)
                    || `${each.platform}, ${brief(each.metadata?.lastMessageAt ?? each.createdAt)}`)))) : h(
                    "p", { class: "hint" }, "None."),
            h("h3", {}, "Products"), productList(products),
        ];
    }
    return { element, load };
}

function facts(customer) {
    const rows = [
        ["E-mail", customer.email], ["Phone", customer.phone], ["Your id", companyIdOf(customer)],
        ["Since", dateOf(customer.createdAt)],
        ...Object.entries(customer.metadata ?? {}).slice(0, 12)
            .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)])];
    return h(
        "dl", { class: "facts" },
        rows.filter(([, value]) => value)
        .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, plain(value))))));
}

function edit(customer, done) {
    const field = (name, label, type) => ({ name, label, type, value: customer[name] });
    return form({
        submit: "Save", done,
            fields: [field("name", "Name"), field("email", "E-mail", "email"), field("phone", "Phone", "tel")],
        save: (values) => patch(
            `/customers/${customer.id}`,
            Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim() || null]))),
    });
}

function salesList(sales, products) {
    if (sales.length === 0) return h("p", { class: "hint" }, "Nothing bought yet.");
    const nameOf = (id) => products.find((product) => product.id === id)?.name ?? "A product";
    return h("ul", { class: "plain" }, sales.map((sale) => h("li", {},
        h("span", {}, `${sale.quantity} × ${nameOf(sale.productId)}`),
            h("span", { class: "hint" },
                ` ${money(sale.amountCents, sale.currency)}, ${sale.status}, ${brief(sale.createdAt)}`))));
}

function productList(products) {
    const active = products.filter((product) => product.active);
    if (active.length === 0) return h("p", { class: "hint" }, "The catalogue is empty.");
    return h("details", {}, h("summary", {}, `${active.length} in the catalogue`),
        h("ul", { class: "plain" },
            active.slice(0, 100)
            .map((product) => h(
                "li", {}, product.name,
                h("span", { class: "hint" }, ` ${money(product.priceCents, product.currency)}`)))));
}
