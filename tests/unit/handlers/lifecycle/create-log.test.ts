import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateLog,
  type LoggedCreate,
  ownCreateLog,
} from "../../../../provider/src/handlers/lifecycle/create-log";
import { token } from "../../../support/exported-state";

const DAY_MS = 24 * 3_600_000;
const AT = Date.UTC(2026, 10, 23);
const MARK = "db8001cc";
const create: LoggedCreate = {
  kind: "Pod",
  name: "a-1234567890",
  logicalName: "a",
  token: token("Pod", "a"),
  at: AT,
};

let folder: string;
let log: CreateLog;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "create-log-"));
  log = new CreateLog(path.join(folder, "creates"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("keeps a create until it has ended, readable only by its user", () => {
  log.begin(MARK, create);
  expect(log.unfinished(MARK, AT)).toEqual([create]);
  const file = path.join(folder, "creates", MARK, create.token);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  log.end(MARK, create.token);
  expect(log.unfinished(MARK, AT)).toEqual([]);
});

test("is read by another process", () => {
  log.begin(MARK, create);
  expect(new CreateLog(path.join(folder, "creates")).unfinished(MARK, AT)).toEqual([create]);
});

test("keeps stacks apart, and forgets one of them", () => {
  log.begin(MARK, create);
  log.begin("00000000", create);
  log.clear(MARK);
  expect(log.unfinished(MARK, AT)).toEqual([]);
  expect(log.unfinished("00000000", AT)).toEqual([create]);
});

test("drops entries that are older than a week or invalid", () => {
  log.begin(MARK, create);
  writeFileSync(path.join(folder, "creates", MARK, "broken"), "{");
  expect(log.unfinished(MARK, AT + 7 * DAY_MS - 1)).toEqual([create]);
  expect(log.unfinished(MARK, AT + 7 * DAY_MS)).toEqual([]);
  expect(readdirSync(path.join(folder, "creates", MARK))).toEqual([]);
});

test("is skipped on a machine that cannot store it", () => {
  chmodSync(folder, 0o500);
  for (const one of [log, new CreateLog("/dev/null")]) {
    one.end(MARK, create.token);
    one.clear(MARK);
    expect(one.unfinished(MARK, AT)).toEqual([]);
  }
  const nowhere = new CreateLog("/dev/null");
  nowhere.begin(MARK, create);
  expect(nowhere.unfinished(MARK, AT)).toEqual([]);
});

test("is in the user's cache", () => {
  ownCreateLog({ XDG_CACHE_HOME: folder }).begin(MARK, create);
  expect(readdirSync(path.join(folder, "runpod-stack/creates"))).toEqual([MARK]);
});
