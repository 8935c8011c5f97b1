import { safe, trusted } from "@runpod-stack/kit";
import type {
  Extent,
  Reported,
  ReportedWaiver,
} from "../../../../../policies/src/cli/report/reported";

/** A violation as reports show it, of a rule of another pack. */
export function violation(more: Partial<Reported>): Reported {
  return {
    rule: "r",
    level: "advisory",
    resource: "urn:pulumi:dev::llm::x:y:Pod::a",
    place: { file: "pods/a.yaml", line: 3 },
    message: trusted("It is wrong."),
    remedy: trusted("Set it to 5."),
    ...more,
  };
}

/** One of this pack's rules. */
export const DISK = violation({
  rule: "container-disk-size",
  level: "mandatory",
  severity: "critical",
  field: "containerDiskInGb",
  url: "https://a.example/#container-disk-size",
});

/** A waived violation. */
export const waiver: ReportedWaiver = {
  ...violation({ rule: "w", resource: "b.json: Pod b" }),
  reason: safe`baked in`,
  until: safe`2027-03-31`,
};

/** What a check reports in addition. */
export const EXTENT: Extent = {
  waived: [],
  summary: { judged: { pod: 2 }, rules: 3, unjudged: [{ resource: "u", why: safe`it is odd` }] },
};
