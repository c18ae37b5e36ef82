// What no page may do, whatever else a journey looks at: log an error, throw, break its own content
// security policy, or get an answer that says "error" without the journey having said so.

/** Runs in every frame, before anything of the page. */
export function reportViolations() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP violation: ${event.effectiveDirective} blocked ${event.blockedURI || "inline"}`);
  });
}

/** Watches one page. `problems()` lists what went wrong and was not allowed, in the order it happened. */
export function watch(page) {
  const found = [];
  const allowed = [];
  const note = (problem) => found.push(problem);

  page.on("pageerror", (error) => note(`uncaught: ${error.message}`));
  page.on("crash", () => note("the page crashed"));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // The answer itself is noted below, with its method and status.
    if (message.text().startsWith("Failed to load resource: the server responded")) return;
    note(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("response", (response) => {
    if (response.status() < 400) return;
    note(`response: ${response.status()} ${response.request().method()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "unknown";
    // A page that is left drops what it was loading, its event stream above all.
    if (reason === "net::ERR_ABORTED") return;
    note(`request: ${reason} ${request.method()} ${request.url()}`);
  });

  return {
    allow: (...patterns) => allowed.push(...patterns),
    problems: () => found.filter((problem) => !allowed.some((pattern) => pattern.test(problem))),
  };
}
