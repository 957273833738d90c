// Loaded into a benchmarked process: leaves in a file, when it ends, its peak memory (kilobytes) and the processor time that it
// and the system for it have taken (microseconds).
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const file = process.env.ALUDEL_BENCH_MEMORY;
  if (!file) return;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(file, `${maxRSS} ${userCPUTime + systemCPUTime}`);
});
