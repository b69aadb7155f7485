// Plain JavaScript for the oldest Node, because it runs before anything that an old Node cannot read.
const wanted = [24, 15];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(
    `Parley needs Node ${wanted.join('.')} or later, and this is ${process.versions.node}. ` +
      'Node 26 comes along as an npm package, which "npm start" and "npx node" use. ' +
      'If they do not, it is not installed: run "npm ci" with a network and without --ignore-scripts.',
  );
  process.exit(1);
}
