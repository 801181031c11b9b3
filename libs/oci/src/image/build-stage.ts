import { type BaseCandidate, type BaseImage } from '../base/base-source';
import { type CopyStep } from '../dockerfile/copy';
import { type DockerfileError, invalid, unsupported } from '../dockerfile/dockerfile-error';
import {
  readStage,
  type StageState,
  stateOf,
  type StageStep,
  type WorkdirStep,
} from '../dockerfile/read-stage';
import { rootOf, type Stage, type StagedDockerfile } from '../dockerfile/stages';
import { hostWorkdir, workdirNeedsBase } from '../dockerfile/workdir';
import { OciError } from '../errors';
import { applyLayer } from '../files/apply-layer';
import { UnreadableArchive } from '../files/archive';
import { CopyConflict } from '../files/copy-files';
import { bytesOf, type FileSource, followLinks } from '../files/file-source';
import { FileTree, NotAFolder } from '../files/file-tree';
import { HostFiles } from '../files/host-files';
import { type LayerFiles } from '../files/layer-files';
import { MountedFiles, OutsideMount } from '../files/mounted-files';
import { findOwner } from '../files/owners';
import { PatternError } from '../files/path-pattern';
import { layerMembers } from '../files/tree-layer';
import { type TarMember } from '../layer/tar';
import { parsePlatform, type Platform } from '../platform';
import { executeCopy } from './execute-copy';

/** By stage, the folder of this machine with the content of its working folder. */
export type StageRoots = Readonly<Record<string, { readonly root: string }>>;

export interface StageInputs {
  readonly dockerfile: StagedDockerfile;
  readonly roots: StageRoots;
  readonly context?: HostFiles;
  readonly platform: Platform;
  /** Finds an image; `isBase` for the base image of the final stage, for which a stand-in is allowed. */
  readonly resolve: (reference: string) => Promise<BaseCandidate>;
  readonly layers: LayerFiles;
}

/** A stage after its last instruction. */
export interface BuiltStage extends StageState {
  /** The image that it is based on; undefined for scratch. */
  readonly base?: BaseImage;
  /** Of the stages that it is based on, then its own. */
  readonly steps: readonly BuiltStep[];
  readonly files: () => Promise<FileTree>;
}

export interface BuiltStep extends StageStep {
  /** The entries of its layer. */
  readonly members?: readonly TarMember[];
}

/** Builds stages on one platform. */
export class StageBuilder {
  private readonly built = new Map<Stage, Promise<BuiltStage>>();
  private readonly images = new Map<string, Promise<FileTree>>();

  constructor(private readonly inputs: StageInputs) {}

  /** @throws DockerfileError, OciError, RegistryError */
  build(stage: Stage): Promise<BuiltStage> {
    const known = this.built.get(stage);
    if (known) return known;
    const building = this.execute(stage);
    this.built.set(stage, building);
    return building;
  }

  private async execute(stage: Stage): Promise<BuiltStage> {
    const parent = stage.parent && (await this.build(stage.parent));
    const base = parent ? parent.base : await this.baseOf(stage);
    const before = parent ?? stateOf(base?.config.config ?? {}, base?.config.author);
    const read = readStage(stage, before, this.inputs.dockerfile);
    const start = () => (parent ? parent.files() : this.treeOf(stage.base, base));
    let tree: FileTree | undefined;
    const steps: BuiltStep[] = [];
    for (const step of read.steps) {
      if (!step.files) {
        steps.push(step);
        continue;
      }
      tree ??= (await start()).clone();
      await this.executeFiles(step.files, tree);
      steps.push({ ...step, members: await layerMembers(tree, tree.takeChanges()) });
    }
    return {
      ...read,
      base,
      steps: [...(parent?.steps ?? []), ...steps],
      files: async () => tree ?? start(),
    };
  }

  private async baseOf({ base, platform }: Stage): Promise<BaseImage | undefined> {
    if (base === 'scratch') return undefined;
    const candidate = await this.inputs.resolve(base);
    // A stand-in only exists for its host's platform.
    const [only = ''] = candidate.platforms;
    const wanted = candidate.standIn ? parsePlatform(only) : (platform ?? this.inputs.platform);
    return candidate.load(wanted);
  }

  private treeOf(reference: string, image: BaseImage | undefined): Promise<FileTree> {
    const known = this.images.get(reference);
    if (known) return known;
    const loading = this.load(image);
    this.images.set(reference, loading);
    return loading;
  }

  private async load(image: BaseImage | undefined): Promise<FileTree> {
    const tree = FileTree.empty();
    for (const layer of image?.layers ?? []) {
      if (!image) break;
      const entries = await this.inputs.layers.entries(image, layer);
      await applyLayer(tree, entries, (entry) => this.inputs.layers.read(image, layer, entry));
    }
    tree.takeChanges();
    return tree;
  }

  private async executeFiles(step: CopyStep | WorkdirStep, tree: FileTree): Promise<void> {
    try {
      const owner = step.owner === undefined ? undefined : await findOwner(tree, step.owner);
      if (step.type === 'workdir') {
        const folder = await followLinks(tree, bytesOf(step.folder));
        tree.makeFolders(folder, owner);
      } else {
        const source = await this.sourceOf(step);
        await executeCopy(step, { source, tree, owner, layers: this.inputs.layers });
      }
    } catch (error) {
      throw explained(step, error);
    }
  }

  private async sourceOf({ at, origin }: CopyStep): Promise<FileSource> {
    if (origin?.type === 'image') return this.imageFiles(origin.reference);
    if (origin) return this.stageFiles(origin.stage);
    if (this.inputs.context) return this.inputs.context;
    throw unsupported(at, 'it copies from a build context, which is not set');
  }

  private async imageFiles(reference: string): Promise<FileSource> {
    if (reference === 'scratch') return FileTree.empty();
    const candidate = await this.inputs.resolve(reference);
    return this.treeOf(reference, await candidate.load(this.inputs.platform));
  }

  private async stageFiles(stage: Stage): Promise<FileSource> {
    const root = this.inputs.roots[stage.name]?.root;
    if (root === undefined) return (await this.build(stage)).files();
    const base = workdirNeedsBase(stage) ? await this.baseOf(rootOf(stage)) : undefined;
    const workdir = hostWorkdir(stage, this.inputs.dockerfile, base?.config.config ?? {});
    return new MountedFiles(new HostFiles(root, { plainModes: true }), bytesOf(workdir));
  }
}

function explained({ at }: CopyStep | WorkdirStep, error: unknown): unknown {
  if (error instanceof OutsideMount)
    return unsupported(at, `in a stage of which one folder is known, ${error.message}`);
  if (error instanceof UnreadableArchive) return unsupported(at, `an archive ${error.message}`);
  if (
    error instanceof CopyConflict ||
    error instanceof NotAFolder ||
    error instanceof PatternError
  ) {
    return invalid(at, `${error.message}.`, error) satisfies DockerfileError;
  }
  if (error instanceof OciError && error.code === 'LAYER_INVALID') {
    return unsupported(at, `a layer cannot be read (${error.message})`);
  }
  return error;
}
