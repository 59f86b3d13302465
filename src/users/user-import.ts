import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../platform/database/database.js';
import { DatabaseUsers } from './database-users.js';
import { type ImportedUser, type LineProblem, readImportedUser } from './imported-user.js';

/** People that go to the database at once. */
const BATCH = 500;
/** Problems that are told; of more only their number. */
const TOLD = 100;

/** A line that is not right. */
export interface ImportProblem extends LineProblem {
  /** From 1. */
  line: number;
}

/** What became of an import: everybody came in, or, with problems, nobody. */
export interface ImportResult {
  imported: number;
  /** The first hundred. */
  problems: ImportProblem[];
  problemCount: number;
}

/** Ends the transaction of an import that nothing shall be left of. */
class NothingImported extends Error {
  override readonly name = 'NothingImported';
}

/** Takes people over from another system: all of them in one transaction, or none. */
@Injectable()
export class UserImport {
  constructor(
    private readonly database: Database,
    private readonly users: DatabaseUsers,
  ) {}

  /**
   * @param lines one JSON object each; empty ones are passed over.
   * @param added what belongs to the new people, in the same transaction.
   */
  async run(
    lines: AsyncIterable<string>,
    { dryRun = false, added }: { dryRun?: boolean; added: (subs: string[], transaction: Queryable) => Promise<void> },
  ): Promise<ImportResult> {
    const result: ImportResult = { imported: 0, problems: [], problemCount: 0 };
    const tell = (problem: ImportProblem) => {
      if (++result.problemCount <= TOLD) result.problems.push(problem);
    };
    try {
      await this.database.transaction(async (transaction) => {
        let batch: { line: number; person: ImportedUser }[] = [];
        const flush = async () => {
          const outcomes = await this.users.addImported(
            batch.map(({ person }) => person),
            transaction,
          );
          const subs = outcomes.flatMap((outcome) => (typeof outcome === 'string' ? outcome : []));
          await added(subs, transaction);
          result.imported += subs.length;
          outcomes.forEach((outcome, index) => {
            if (typeof outcome !== 'string') tell({ line: batch[index]!.line, ...outcome });
          });
          batch = [];
        };
        let line = 0;
        for await (const text of lines) {
          line += 1;
          const content = line === 1 ? text.replace(/^\ufeff/, '') : text;
          if (content.trim() === '') continue;
          const read = await readImportedUser(content);
          if (Array.isArray(read)) for (const problem of read) tell({ line, ...problem });
          else batch.push({ line, person: read });
          if (batch.length === BATCH) await flush();
        }
        if (batch.length > 0) await flush();
        if (dryRun || result.problemCount > 0) throw new NothingImported();
      });
    } catch (error) {
      if (!(error instanceof NothingImported)) throw error;
    }
    result.problems.sort((a, b) => a.line - b.line);
    if (result.problemCount > 0) result.imported = 0;
    return result;
  }
}
