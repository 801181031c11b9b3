import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { compareImages, describeDifference, differencePage } from '@typerush/image-comparison';
import { writeText } from '@typerush/pipeline-context';
import { reportProgressTo } from '@typerush/terminal-output';
import { runReporting } from '../run-executor';
import { findImage } from '../find-image';
import { dockerDiffOptions, type DockerDiffOptions } from './options';
import { scanFindings } from './scan-findings';

/** `nx run <project>:docker-diff` */
export default function dockerDiff(given: DockerDiffOptions, context: ExecutorContext) {
  return runReporting(dockerDiffOptions, given, context, async (options, machine) => {
    const { environment, from = environment, to, html } = options;
    const folder = await mkdtemp(path.join(tmpdir(), 'docker-diff-'));
    const reporter = reportProgressTo(process.stderr);
    try {
      const temporary = () => mkdtemp(path.join(folder, 'archive-'));
      const finding = { workspace: context, environment, machine, temporary };
      const places = [await findImage(from, finding), await findImage(to, finding)] as const;
      const difference = await compareImages(places, {
        platform: options.platform,
        files: options.files,
        findings: (image, index) =>
          scanFindings(image, places[index], context.projectName ?? '', reporter),
        progress: (step) => reporter.progress(step),
      });
      if (html) await writeText(path.resolve(context.root, html), differencePage(difference));
      return describeDifference(difference);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
