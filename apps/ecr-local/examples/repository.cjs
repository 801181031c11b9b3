exports.repositoryName = 'hello/world';

/** Untagged images expire a week after they were pushed. */
exports.policy = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 7,
      },
      action: { type: 'expire' },
    },
  ],
});

/** The smallest image: an index without platforms, which needs no layer. */
exports.image = (version) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
    annotations: { 'org.opencontainers.image.version': version },
  });
