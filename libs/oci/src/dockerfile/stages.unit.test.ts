import { baseReferences } from './stages';

const dockerfile = `
ARG NODE=registry.example.com/node:26
FROM \${NODE} AS tools
RUN npm ci
FROM golang:1.26 AS Other
FROM tools AS build
FROM tools
RUN true
`;

describe('baseReferences', () => {
  it('lists the base image of each stage once, without stages', () => {
    expect(baseReferences(dockerfile)).toEqual({
      final: 'registry.example.com/node:26',
      all: ['registry.example.com/node:26', 'golang:1.26'],
    });
  });

  it('depends on build arguments and the target stage', () => {
    const options = { args: { NODE: 'node:1' }, target: 'other' };
    expect(baseReferences(dockerfile, options)).toEqual({
      final: 'golang:1.26',
      all: ['node:1', 'golang:1.26'],
    });
  });

  it('does not list scratch', () => {
    expect(baseReferences('FROM scratch')).toEqual({ final: 'scratch', all: [] });
  });
});
