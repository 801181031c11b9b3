import { legacyDockerfile } from './legacy-dockerfile';

const convert = (text: string) => legacyDockerfile(text, 'docker/Dockerfile', 'linux/amd64');

describe('legacyDockerfile', () => {
  it('removes only cache mounts', () => {
    const text = [
      '# --mount=type=cache in a comment',
      'FROM a AS b',
      'RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --mount=type=cache',
      'RUN \\',
      '    # why',
      '    --mount=type=cache,target=/a \\',
      '    --mount=type=cache,target=/b \\',
      '    make && \\',
      '    --mount=type=bind',
      'run  --mount=target=/a,type=cache echo',
    ].join('\n');
    expect(convert(text)).toBe(
      [
        '# --mount=type=cache in a comment',
        'FROM a AS b',
        'RUN  npm ci --mount=type=cache',
        'RUN \\',
        '    # why',
        '     \\',
        '     \\',
        '    make && \\',
        '    --mount=type=bind',
        'run   echo',
      ].join('\n'),
    );
  });

  it('sets the platform of the daemon', () => {
    expect(convert('FROM --platform=$BUILDPLATFORM a\nFROM --platform=${TARGETPLATFORM} b')).toBe(
      'FROM --platform=linux/amd64 a\nFROM --platform=linux/amd64 b',
    );
  });

  it.each([
    ['RUN --mount=type=bind,target=/x true', /:2: RUN --mount=type=bind,target=\/x needs BuildKit/],
    [
      'RUN --mount=type=cache,target=/x \\\n --mount=type=secret,id=a true',
      /:2: RUN --mount=type=secret/,
    ],
    ['RUN --network=none true', /--network=none/],
    ['COPY --link a b', /COPY --link/],
    ['COPY --chmod=755 a b', /--chmod/],
    ['ADD --checksum=sha256:1 a b', /ADD --checksum/],
    ['RUN <<EOF\ntrue\nEOF', /RUN with a here-document/],
  ])('rejects an instruction that needs BuildKit, with its line: %s', (instruction, message) => {
    expect(() => convert(`FROM a\n${instruction}\n`)).toThrow(
      expect.objectContaining({
        code: 'BUILDKIT_MISSING',
        message: expect.stringMatching(message),
      }),
    );
  });

  it.each(['RUN echo 1 << 2', 'COPY --from=build --chown=1 a b', 'RUN cat <<< x'])(
    'keeps an instruction that every builder supports: %s',
    (instruction) => expect(convert(`FROM a\n${instruction}`)).toContain(instruction),
  );
});
