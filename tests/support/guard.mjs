// What no page may do, whatever else a journey looks at: log an error, throw, break its own content
// security policy, or get an answer that says "error" without the journey having said so.

/** Runs in every frame, before anything of the page. */
export function reportViolations() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP violation: ${event.effectiveDirective} blocked ${event.blockedURI || "inline"}`);
  });
}

/**
 * Watches all pages of one person's browser profile, those that a link opens included.
 *
 * @param {import("playwright-core").BrowserContext} context
 * @returns {{ allow: (...patterns: RegExp[]) => void, problems: () => string[] }} `problems()` lists what
 *   went wrong and is not allowed, in the order it happened
 */
export function watch(context) {
  const found = [];
  const allowed = [];
  const note = (problem) => found.push(problem);

  context.on("weberror", (webError) => note(`uncaught: ${webError.error().message}`));
  context.on("page", (page) => page.on("crash", () => note(`crashed: ${page.url()}`)));
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    // The answer itself is noted below, with its method and status.
    if (message.text().startsWith("Failed to load resource: the server responded")) return;
    note(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("response", (response) => {
    if (response.status() < 400) return;
    note(`response: ${response.status()} ${response.request().method()} ${response.url()}`);
  });
  context.on("requestfailed", (request) => {
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
