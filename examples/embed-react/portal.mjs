// A component around the element: attributes as props, events by a ref.

const { createElement: make, useEffect, useRef, useState } = window.React;

/** An account's balance. `onLow` hears when it becomes low. */
function SluiceBalance({ account, view, theme, onLow }) {
  const element = useRef(null);
  useEffect(() => {
    const node = element.current;
    const low = (event) => onLow?.(event.detail);
    node.addEventListener("sluice:lowbalance", low);
    return () => node.removeEventListener("sluice:lowbalance", low);
  }, [onLow]);
  return make("sluice-balance", { ref: element, account, view, theme, "token-endpoint": "/api/sluice-token" });
}

function Portal({ account }) {
  const [theme, setTheme] = useState("light");
  const [low, setLow] = useState(null);
  const turn = () => setTheme(theme === "light" ? "dark" : "light");
  return make(
    "main",
    null,
    make("h1", null, "Client portal"),
    make("p", null, make("button", { type: "button", onClick: turn }, `Theme: ${theme}`)),
    make(SluiceBalance, { account, view: "full", theme, onLow: setLow }),
    low && make("p", { role: "status" }, "Time to add funds."),
  );
}

const root = document.getElementById("root");
window.ReactDOM.createRoot(root).render(make(Portal, { account: root.dataset.account }));
