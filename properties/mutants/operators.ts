/** A node of an ESTree syntax tree with its place in the source. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A part of the source and what to put in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const BINARY: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "<<": [">>"],
  ">>": ["<<"],
  ">>>": ["<<"],
  "&": ["|"],
  "|": ["&"],
};

const LOGICAL: Readonly<Record<string, string>> = { "&&": "||", "||": "&&" };
const ASSIGNMENT: Readonly<Record<string, string>> = { "+=": "-=", "-=": "+=", "*=": "/=", "|=": "&=", "??=": "=" };
// A map: a method named `toString` must not find that of a prototype.
const METHODS: ReadonlyMap<unknown, string> = new Map([
  ["min", "max"],
  ["max", "min"],
  ["floor", "ceil"],
  ["ceil", "floor"],
  ["push", "unshift"],
  ["unshift", "push"],
  ["shift", "pop"],
  ["pop", "shift"],
  ["some", "every"],
  ["every", "some"],
]);

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";

const child = (node: SyntaxNode, name: string): SyntaxNode => node[name] as SyntaxNode;
const isText = (node: SyntaxNode): boolean =>
  node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");

/** Replace the operator between two children, wherever it stands there. */
function operatorEdit(source: string, node: SyntaxNode, left: string, right: string, replacement: string): Edit {
  const operator = String(node["operator"]);
  const start = source.indexOf(operator, child(node, left).end);
  if (start < 0 || start >= child(node, right).start) {
    throw new Error(`no operator ${operator} in ${source.slice(node.start, node.end)}`);
  }
  return { start, end: start + operator.length, replacement };
}

const replace = ({ start, end }: SyntaxNode, replacement: string): Edit => ({ start, end, replacement });

function ofBinary(source: string, node: SyntaxNode): Edit[] {
  if (isText(child(node, "left")) || isText(child(node, "right"))) {
    return [];
  }
  const others = BINARY[String(node["operator"])] ?? [];
  return others.map((other) => operatorEdit(source, node, "left", "right", other));
}

function ofLogical(source: string, node: SyntaxNode): Edit[] {
  const other = LOGICAL[String(node["operator"])];
  if (other !== undefined) {
    return [operatorEdit(source, node, "left", "right", other)];
  }
  const right = child(node, "right");
  return [replace(node, source.slice(right.start, right.end))];
}

function ofUnary(source: string, node: SyntaxNode): Edit[] {
  const argument = child(node, "argument");
  const isSign = node["operator"] === "!" || node["operator"] === "-";
  return isSign ? [replace(node, source.slice(argument.start, argument.end))] : [];
}

function ofUpdate(node: SyntaxNode): Edit[] {
  const other = node["operator"] === "++" ? "--" : "++";
  const start = node["prefix"] === true ? node.start : node.end - 2;
  return [{ start, end: start + 2, replacement: other }];
}

function ofAssignment(source: string, node: SyntaxNode): Edit[] {
  const other = ASSIGNMENT[String(node["operator"])];
  return other === undefined ? [] : [operatorEdit(source, node, "left", "right", other)];
}

function ofLiteral(node: SyntaxNode): Edit[] {
  const value = node["value"];
  if (typeof value === "number") {
    return [replace(node, String(value + 1))];
  }
  return typeof value === "boolean" ? [replace(node, String(!value))] : [];
}

function ofCondition(node: SyntaxNode, values: readonly string[]): Edit[] {
  const test = node["test"];
  return isNode(test) && test.type !== "Literal" ? values.map((value) => replace(test, value)) : [];
}

/** Statements whose effect is all that they are for. */
function ofStatement(node: SyntaxNode): Edit[] {
  const { type } = child(node, "expression");
  const isEffect = ["CallExpression", "AssignmentExpression", "UpdateExpression", "YieldExpression"].includes(type);
  return isEffect ? [replace(node, ";")] : [];
}

function ofCall(node: SyntaxNode): Edit[] {
  const callee = child(node, "callee");
  const property = callee.type === "MemberExpression" ? child(callee, "property") : undefined;
  const other = METHODS.get(property?.["name"]);
  return property === undefined || other === undefined ? [] : [replace(property, other)];
}

/** The plausible mistakes at one node: operators exchanged, conditions fixed, effects left out, bounds off by one. */
export function editsOf(source: string, node: SyntaxNode): readonly Edit[] {
  switch (node.type) {
    case "BinaryExpression":
      return ofBinary(source, node);
    case "LogicalExpression":
      return ofLogical(source, node);
    case "UnaryExpression":
      return ofUnary(source, node);
    case "UpdateExpression":
      return ofUpdate(node);
    case "AssignmentExpression":
      return ofAssignment(source, node);
    case "Literal":
      return ofLiteral(node);
    case "IfStatement":
    case "ConditionalExpression":
      return ofCondition(node, ["true", "false"]);
    case "WhileStatement":
    case "ForStatement":
      return ofCondition(node, ["false"]);
    case "ExpressionStatement":
      return ofStatement(node);
    case "CallExpression":
      return ofCall(node);
    default:
      return [];
  }
}

/** Whether nothing inside of `node` is worth a mutant: types, imports, and the words of errors. */
export function isSkipped(node: SyntaxNode): boolean {
  const { type } = node;
  if (type.startsWith("TS")) {
    return !["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression", "TSInstantiationExpression"].includes(
      type,
    );
  }
  return (
    type === "ImportDeclaration" || type === "ExportAllDeclaration" || type === "ThrowStatement" || isInvariant(node)
  );
}

/** A statement that checks the code itself, and never fails in code that is right. */
function isInvariant({ expression }: SyntaxNode): boolean {
  const callee = isNode(expression) ? expression["callee"] : undefined;
  return isNode(callee) && callee["name"] === "invariant";
}

/** The nodes directly below `node`, in the order of the source. */
export function* childrenOf(node: SyntaxNode): Generator<SyntaxNode, void, undefined> {
  for (const value of Object.values(node)) {
    if (isNode(value)) {
      yield value;
    } else if (Array.isArray(value)) {
      yield* value.filter(isNode);
    }
  }
}
