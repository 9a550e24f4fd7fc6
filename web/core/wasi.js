// SPDX-License-Identifier: Apache-2.0
//
// As much of WASI preview 1 as $readmemh and printf ask for: one folder of files, read only.

const OK = 0, BAD_FD = 8, NO_ENTRY = 44, NO_CALL = 52, NO_PIPE = 70;
const FOLDER = 3;
const FILE_TYPE = { character: 2, folder: 3, file: 4 };

/**
 * Imports for a WebAssembly module that reads `files` (name -> Uint8Array) in the folder `folder`.
 *
 * `problems` collects what the module printed, and the names of files that it did not find: Verilator
 * goes on without a missing ROM, and would draw wrong pixels.
 */
export function makeWasi(folder, files) {
  const problems = [];
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  const folderName = encoder.encode(folder);
  const opened = new Map();
  let memory = null, nextFd = FOLDER + 1;
  const view = () => new DataView(memory.buffer);
  const bytes = () => new Uint8Array(memory.buffer);
  const setU32 = (at, value) => view().setUint32(at, value, true);
  const u32 = (at) => view().getUint32(at, true);

  const calls = {
    environ_sizes_get: (count, size) => (setU32(count, 0), setU32(size, 0), OK),
    environ_get: () => OK,
    args_sizes_get: (count, size) => (setU32(count, 0), setU32(size, 0), OK),
    args_get: () => OK,

    clock_time_get(_clock, _precision, at) {
      view().setBigUint64(at, 0n, true);
      return OK;
    },

    fd_prestat_get(fd, at) {
      if (fd !== FOLDER) return BAD_FD;
      setU32(at, 0);
      setU32(at + 4, folderName.length);
      return OK;
    },

    fd_prestat_dir_name(_fd, at) {
      bytes().set(folderName, at);
      return OK;
    },

    fd_fdstat_get(fd, at) {
      bytes().fill(0, at, at + 24);
      const type = fd < FOLDER ? "character" : fd === FOLDER ? "folder" : "file";
      view().setUint8(at, FILE_TYPE[type]);
      view().setBigUint64(at + 8, ~0n, true); // all rights
      view().setBigUint64(at + 16, ~0n, true);
      return OK;
    },

    fd_fdstat_set_flags: () => OK,

    path_open(_dir, _lookup, path, length, _oflags, _base, _inherited, _fdflags, at) {
      const name = decoder.decode(bytes().slice(path, path + length));
      const data = files.get(name);
      if (!data) {
        problems.push(`no file ${name}`);
        return NO_ENTRY;
      }
      opened.set(nextFd, { data, at: 0 });
      setU32(at, nextFd++);
      return OK;
    },

    fd_read(fd, vectors, count, at) {
      const file = opened.get(fd);
      if (!file) return BAD_FD;
      let total = 0;
      for (let i = 0; i < count; i++) {
        const room = u32(vectors + 8 * i + 4);
        const piece = file.data.subarray(file.at, file.at + room);
        bytes().set(piece, u32(vectors + 8 * i));
        file.at += piece.length;
        total += piece.length;
        if (piece.length < room) break;
      }
      setU32(at, total);
      return OK;
    },

    fd_seek(fd, offset, whence, at) {
      const file = opened.get(fd);
      if (!file) return fd < FOLDER ? NO_PIPE : BAD_FD;
      file.at = Number(offset) + [0, file.at, file.data.length][whence];
      view().setBigUint64(at, BigInt(file.at), true);
      return OK;
    },

    fd_close: (fd) => (opened.delete(fd) ? OK : BAD_FD),

    fd_write(_fd, vectors, count, at) {
      let total = 0, text = "";
      for (let i = 0; i < count; i++) {
        const from = u32(vectors + 8 * i), length = u32(vectors + 8 * i + 4);
        text += decoder.decode(bytes().slice(from, from + length));
        total += length;
      }
      if (text.trim()) problems.push(text.trim());
      setU32(at, total);
      return OK;
    },

    proc_exit(code) {
      throw new Error(`the simulation ended with status ${code}: ${problems.join("; ")}`);
    },
  };

  return {
    problems,
    attach: (itsMemory) => { memory = itsMemory; },
    /** What `module` imports; a call that is not here answers that it does not exist. */
    importsOf(module) {
      const named = WebAssembly.Module.imports(module);
      const functions = Object.fromEntries(
        named.map(({ name }) => [name, calls[name] ?? (() => NO_CALL)]));
      return { wasi_snapshot_preview1: functions };
    },
  };
}
