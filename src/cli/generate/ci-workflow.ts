import { join } from "node:path";
import type { CiProvider } from "../options.js";
import { type Planned, plannedFile } from "./planned.js";
import { type ProjectPlace, pathFrom } from "./project-place.js";

const files: Readonly<Record<CiProvider, string>> = {
  github: ".github/workflows/aludel.yml",
  gitlab: ".gitlab-ci.yml",
  circleci: ".circleci/config.yml",
};

const texts: Readonly<Record<CiProvider, (place: ProjectPlace) => readonly string[]>> = {
  github,
  gitlab,
  circleci,
};

/** The workflow that holds a change against the branch that it will be merged into. @throws AludelError `file-exists`. */
export async function planWorkflow(place: ProjectPlace, provider: CiProvider): Promise<Planned> {
  const lines = texts[provider](place);
  return plannedFile(join(place.top, files[provider]), `${lines.join("\n")}\n`, {
    lines,
    remedy: "Add to it by hand what is missing of the lines above; it is left as it is.",
  });
}

const user = "postgres:postgres";
const heading = "# May the change be merged? Written by `aludel init --ci`, and yours to change.";

/** Double quotes of YAML are those of JSON. */
const quoted = (text: string): string => JSON.stringify(text);
const lockOf = ({ manager, top }: ProjectPlace) =>
  manager.lock === null ? null : pathFrom(top, manager.lock);
const when = (condition: boolean, ...lines: readonly string[]) => (condition ? lines : []);

function postgresOf({ dialect, config }: ProjectPlace): string | null {
  if (dialect !== "postgres") return null;
  return `postgres:${config.lint.serverVersions.length === 0 ? 17 : Math.max(...config.lint.serverVersions)}`;
}

const expression = (text: string): string => `$\{{ ${text} }}`;

function github(place: ProjectPlace): readonly string[] {
  const { manager, config, top } = place;
  const [folder, lock, postgres] = [pathFrom(top, config.root), lockOf(place), postgresOf(place)];
  const own = manager.name === "bun" ? null : manager.name;
  return [
    heading,
    "name: Migrations",
    "on:",
    "  pull_request:",
    "permissions:",
    "  contents: read",
    "jobs:",
    "  aludel:",
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 15",
    ...when(
      postgres !== null,
      "    services:",
      "      postgres:",
      `        image: ${quoted(postgres ?? "")}`,
      "        env:",
      "          POSTGRES_PASSWORD: postgres",
      "        ports:",
      '          - "5432:5432"',
      '        options: "--health-cmd pg_isready --health-interval 5s --health-timeout 5s --health-retries 10"',
    ),
    "    env:",
    ...when(
      postgres !== null,
      "      # Databases to try the revisions on are made here, and dropped again.",
      `      ALUDEL_SCRATCH: ${quoted(`postgres://${user}@localhost:5432/postgres`)}`,
    ),
    `      BASE: ${expression("format('origin/{0}', github.base_ref)")}`,
    ...when(folder !== "", "    defaults:", "      run:", `        working-directory: ${quoted(folder)}`),
    "    steps:",
    '      - uses: "actions/checkout@v4"',
    "        with:",
    "          # The whole history: the gate looks for where the branch began.",
    "          fetch-depth: 0",
    ...when(
      manager.name === "pnpm" || manager.name === "yarn",
      '      - run: "corepack enable"',
      `        working-directory: "."`,
    ),
    ...when(manager.name === "bun", '      - uses: "oven-sh/setup-bun@v2"'),
    '      - uses: "actions/setup-node@v4"',
    "        with:",
    "          node-version: 22",
    ...when(
      lock !== null && own !== null,
      `          cache: ${own}`,
      `          cache-dependency-path: ${quoted(lock ?? "")}`,
    ),
    ...when(
      lock !== null && own === null,
      '      - uses: "actions/cache@v4"',
      "        with:",
      '          path: "~/.bun/install/cache"',
      `          key: bun-${expression(`hashFiles('${(lock ?? "").replaceAll("'", "''")}')`)}`,
    ),
    `      - run: ${quoted(manager.install)}`,
    `      - run: ${quoted(`${manager.run} aludel ci --base "$BASE" --format github`)}`,
  ];
}

function gitlab(place: ProjectPlace): readonly string[] {
  const { manager, config, top } = place;
  const [folder, lock, postgres] = [pathFrom(top, config.root), lockOf(place), postgresOf(place)];
  const base = "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME";
  const report = folder === "" ? "aludel.xml" : `${folder}/aludel.xml`;
  return [
    heading,
    "aludel:",
    '  image: "node:22"',
    "  rules:",
    `    - if: ${quoted('$CI_PIPELINE_SOURCE == "merge_request_event"')}`,
    ...when(
      postgres !== null,
      "  services:",
      `    - name: ${quoted(postgres ?? "")}`,
      "      alias: postgres",
    ),
    "  variables:",
    "    # The whole history: the gate looks for where the branch began.",
    '    GIT_DEPTH: "0"',
    ...when(
      postgres !== null,
      "    POSTGRES_PASSWORD: postgres",
      "    # Databases to try the revisions on are made here, and dropped again.",
      `    ALUDEL_SCRATCH: ${quoted(`postgres://${user}@postgres:5432/postgres`)}`,
    ),
    `    ${manager.cacheVariable}: "$CI_PROJECT_DIR/.package-cache"`,
    ...when(
      lock !== null,
      "  cache:",
      "    key:",
      "      files:",
      `        - ${quoted(lock ?? "")}`,
      "    paths:",
      "      - .package-cache",
    ),
    "  before_script:",
    `    - ${quoted(`git fetch origin "+refs/heads/${base}:refs/remotes/origin/${base}"`)}`,
    ...when(folder !== "", `    - ${quoted(`cd ${shellWord(folder)}`)}`),
    ...when(manager.name === "pnpm" || manager.name === "yarn", "    - corepack enable"),
    ...when(manager.name === "bun", "    - npm install --global bun"),
    `    - ${quoted(manager.install)}`,
    "  script:",
    `    - ${quoted(`${manager.run} aludel ci --base "origin/${base}" --format junit --output aludel.xml`)}`,
    "  after_script:",
    `    - ${quoted(`cat ${shellWord(report)}`)}`,
    "  artifacts:",
    "    when: always",
    "    reports:",
    `      junit: ${quoted(report)}`,
  ];
}

function circleci(place: ProjectPlace): readonly string[] {
  const { manager, config, top } = place;
  const [folder, lock, postgres] = [pathFrom(top, config.root), lockOf(place), postgresOf(place)];
  const run = (command: string) =>
    folder === ""
      ? [`      - run: ${quoted(command)}`]
      : [
          "      - run:",
          `          command: ${quoted(command)}`,
          `          working_directory: ${quoted(folder)}`,
        ];
  const key = `aludel-{{ checksum ${JSON.stringify(lock ?? "")} }}`;
  return [
    heading,
    "version: 2.1",
    "parameters:",
    "  base:",
    '    description: "The branch that changes are merged into"',
    "    type: string",
    `    default: ${quoted(place.base)}`,
    "jobs:",
    "  aludel:",
    "    docker:",
    '      - image: "cimg/node:22.14"',
    ...when(
      postgres !== null,
      `      - image: ${quoted(postgres ?? "")}`,
      "        environment:",
      "          POSTGRES_PASSWORD: postgres",
    ),
    "    environment:",
    '      BASE: "<< pipeline.parameters.base >>"',
    `      ${manager.cacheVariable}: "/home/circleci/.package-cache"`,
    ...when(
      postgres !== null,
      "      # Databases to try the revisions on are made here, and dropped again.",
      `      ALUDEL_SCRATCH: ${quoted(`postgres://${user}@localhost:5432/postgres`)}`,
    ),
    "    steps:",
    "      - checkout:",
    "          # The whole history: the gate looks for where the branch began.",
    "          method: full",
    ...when(lock !== null, "      - restore_cache:", "          keys:", `            - ${quoted(key)}`),
    ...when(manager.name === "pnpm" || manager.name === "yarn", '      - run: "sudo corepack enable"'),
    ...when(manager.name === "bun", '      - run: "sudo npm install --global bun"'),
    ...run(manager.install),
    ...when(
      lock !== null,
      "      - save_cache:",
      `          key: ${quoted(key)}`,
      "          paths:",
      '            - "/home/circleci/.package-cache"',
    ),
    ...when(postgres !== null, '      - run: "dockerize -wait tcp://localhost:5432 -timeout 1m"'),
    ...run(`${manager.run} aludel ci --base "origin/$BASE"`),
    "workflows:",
    "  migrations:",
    "    jobs:",
    "      - aludel",
  ];
}

/** One word of a shell, whatever is in it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
