// The shop page: puts the web chat on itself as any page would, and fills in what belongs to the seed company.
const key = document.querySelector('meta[name="switchboard-key"]').content;
const status = document.querySelector("#chat-status");

document.querySelector("#tag")
    .textContent = `<script src="${location.origin}/widget.js" data-key="${key || "sb_pub_…"}" async></script>`;

function addChat() {
    const script = document.createElement("script");
    script.src = "/widget.js";
    script.dataset.key = key;
    script.async = true;
    script.addEventListener(
        "error", () => (status.textContent = "The chat could not be loaded. Reload the page to try again."));
    document.head.append(script);
}

async function nameTheShop() {
    const response = await fetch(`/api/widget/config?key=${encodeURIComponent(key)}`);
    if (!response.ok) return;
    const { name } = await response.json();
    document.querySelector("#shop").textContent = name;
    document.title = `${name}, a shop with Switchboard on it`;
}

document.addEventListener("click", (event) => {
    const text = event.target.closest("[data-ask]")?.dataset.ask;
    if (!text) return;
    if (window.Switchboard) window.Switchboard.open({ text });
    else status.textContent = "The chat is not there yet.";
});

if (key) {
    addChat();
    nameTheShop().catch(() => {});
} else {
    status.textContent = "There is no demo company yet. Run “switchboard seed”, then reload this page.";
}
