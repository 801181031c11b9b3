// waits at its top level for WebAssembly
import Yoga from 'yoga-layout';

const node = Yoga.Node.create();
node.setWidth(100);
node.setPadding(Yoga.EDGE_ALL, 10);
node.calculateLayout(undefined, 50);
console.log(node.getComputedWidth(), node.getComputedHeight());
