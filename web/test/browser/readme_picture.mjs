// Takes the README's picture anew: the log of a shop, on a simulated host.
//
//   SPW_SERVER=… SPW_SIM=… SPW_CHROMIUM=… node test/browser/readme_picture.mjs FILE
import { startBrowser, watched } from "./browser.mjs";
import { deploy, enter, makeAdmin } from "./flows.mjs";
import { startStack } from "./stack.mjs";

const [file] = process.argv.slice(2);
const stack = await startStack({ host: ["--apps", "0"] });
const browser = await startBrowser();
try {
  const cookie = await makeAdmin(stack);
  const web = String.raw`
      i=0; p="GET /|GET /cart|POST /cart|GET /products/1042|GET /products/77|POST /checkout|GET /health"
      while true; do
        i=$$((i+1)); n=$$((i % 7 + 1)); r=$$(echo "$$p" | cut -d'|' -f$$n)
        case $$((i % 11)) in
          0) printf '\033[33mWARN\033[0m  slow query: 812 ms  SELECT * FROM orders WHERE customer = 4711\n' ;;
          5) printf '{"level":"info","msg":"order placed","order":%s,"total":59.90,"items":[{"sku":"A-17","n":2},{"sku":"C-3","n":1}]}\n' $$((90210+i)) ;;
          8) printf '\033[31mERROR\033[0m payment provider timed out after 5000 ms, retry 1 of 3\n' >&2 ;;
          *) printf '\033[32mINFO\033[0m  %s 200 %s ms\n' "$$r" $$((i * 7 % 43 + 3)) ;;
        esac
        sleep 0.3
      done`;
  const compose = `services:
  web:
    image: spillway-test/busybox:1
    command:
      - sh
      - -c
      - |${web.replace(/\n {6}/g, "\n          ")}
  db:
    image: spillway-test/busybox:1
    command: [sh, -c, "while true; do echo checkpoint complete; sleep 5; done"]
  worker:
    image: spillway-test/busybox:1
    command: [sh, -c, "while true; do echo job done; sleep 2; done"]
`;
  await deploy(stack, cookie, "shop", compose);
  const page = await watched(browser.context, stack.url);
  await page.setViewportSize({ width: 1200, height: 760 });
  await enter(page, stack, { hash: "#/apps/shop/log?service=web" });
  const lines = page.getByRole("log").getByText(/retry 1 of 3/);
  await lines.nth(1).waitFor({ timeout: 30_000 });
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await stack.close();
}
