-- DropIndex
DROP INDEX "participants_player_id_idx";

-- AlterTable
ALTER TABLE "matches" ADD COLUMN     "advance" VARCHAR(10) NOT NULL DEFAULT 'correct',
ADD COLUMN     "board" VARCHAR(100),
ADD COLUMN     "content_hash" BYTEA,
ADD COLUMN     "limit_ms" INTEGER,
ADD COLUMN     "passage_numbers" BOOLEAN,
ADD COLUMN     "passage_punctuation" BOOLEAN,
ADD COLUMN     "passage_words" SMALLINT,
ADD COLUMN     "typing_version" SMALLINT;

-- AlterTable
ALTER TABLE "participants" ADD COLUMN     "finished_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "is_bot" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "mode" VARCHAR(20) NOT NULL DEFAULT 'type-race',
ADD COLUMN     "time_ms" INTEGER,
ADD COLUMN     "unranked" TEXT[] DEFAULT ARRAY[]::TEXT[],
ALTER COLUMN "rank" DROP NOT NULL,
ALTER COLUMN "wpm" SET DATA TYPE DECIMAL(12,2),
ALTER COLUMN "raw" SET DATA TYPE DECIMAL(12,2);

-- CreateTable
CREATE TABLE "replays" (
    "race_id" UUID NOT NULL,
    "round" SMALLINT NOT NULL,
    "player_id" UUID NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "replays_pkey" PRIMARY KEY ("race_id","round","player_id")
);

-- CreateTable
CREATE TABLE "players" (
    "player_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "first_played_at" TIMESTAMPTZ(3) NOT NULL,
    "last_played_at" TIMESTAMPTZ(3) NOT NULL,
    "matches" INTEGER NOT NULL,
    "ranked" INTEGER NOT NULL,
    "wins" INTEGER NOT NULL,
    "typed_ms" BIGINT NOT NULL,
    "keystrokes" BIGINT NOT NULL,
    "wpm_sum" DECIMAL(16,2) NOT NULL,
    "raw_sum" DECIMAL(16,2) NOT NULL,
    "accuracy_sum" DECIMAL(16,2) NOT NULL,
    "consistency_sum" DECIMAL(16,2) NOT NULL,

    CONSTRAINT "players_pkey" PRIMARY KEY ("player_id")
);

-- CreateTable
CREATE TABLE "bests" (
    "player_id" UUID NOT NULL,
    "period" VARCHAR(4) NOT NULL,
    "starts_on" DATE NOT NULL,
    "board" VARCHAR(100) NOT NULL,
    "wpm" DECIMAL(6,2) NOT NULL,
    "raw" DECIMAL(12,2) NOT NULL,
    "accuracy" DECIMAL(5,2) NOT NULL,
    "consistency" DECIMAL(5,2) NOT NULL,
    "achieved_at" TIMESTAMPTZ(3) NOT NULL,
    "race_id" UUID NOT NULL,
    "round" SMALLINT NOT NULL,

    CONSTRAINT "bests_pkey" PRIMARY KEY ("player_id","period","starts_on","board")
);

-- CreateTable
CREATE TABLE "speed_counts" (
    "board" VARCHAR(100) NOT NULL,
    "period" VARCHAR(4) NOT NULL,
    "starts_on" DATE NOT NULL,
    "speed" SMALLINT NOT NULL,
    "players" INTEGER NOT NULL,

    CONSTRAINT "speed_counts_pkey" PRIMARY KEY ("period","starts_on","board","speed")
);

-- CreateIndex
CREATE INDEX "bests_board_period_starts_on_wpm_achieved_at_player_id_idx" ON "bests"("board", "period", "starts_on", "wpm" DESC, "achieved_at", "player_id");

-- CreateIndex
CREATE INDEX "participants_player_id_finished_at_race_id_round_idx" ON "participants"("player_id", "finished_at", "race_id", "round");

-- CreateIndex
CREATE INDEX "participants_player_id_mode_finished_at_race_id_round_idx" ON "participants"("player_id", "mode", "finished_at", "race_id", "round");

-- AddForeignKey
ALTER TABLE "replays" ADD CONSTRAINT "replays_race_id_round_player_id_fkey" FOREIGN KEY ("race_id", "round", "player_id") REFERENCES "participants"("race_id", "round", "player_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was recorded before has no replay: it stays in the history and on no leaderboard.
UPDATE "participants" SET "mode" = m."mode", "finished_at" = m."finished_at"
  FROM "matches" m WHERE m."race_id" = "participants"."race_id" AND m."round" = "participants"."round";
