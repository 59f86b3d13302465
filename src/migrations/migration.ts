/** What a migration may use: TypeORM's `QueryRunner` has it. */
interface Runner {
  query(sql: string): Promise<unknown>;
}

/**
 * A migration as TypeORM takes it (`MigrationInterface`). Written down here so that the types that applications see do not
 * name a package which not every application has.
 */
export type Migration = new () => { up(runner: Runner): Promise<unknown>; down(runner: Runner): Promise<unknown> };
