import { resolve } from "node:path";

/** Whether `path` leads to what a process has open, such as `/dev/stdout`: a pipe, a terminal, a file. */
export const isOpenFile = (path: string): boolean =>
  /^\/(?:dev\/(?:stdin|stdout|stderr|fd\/\d+)|proc\/(?:self|\d+)\/fd\/\d+)$/.test(resolve(path));
