-- CreateTable
CREATE TABLE "matches" (
    "race_id" UUID NOT NULL,
    "round" SMALLINT NOT NULL,
    "mode" VARCHAR(20) NOT NULL,
    "passage_list" VARCHAR(40) NOT NULL,
    "passage_version" INTEGER NOT NULL,
    "passage_seed" BIGINT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "matches_pkey" PRIMARY KEY ("race_id","round")
);

-- CreateTable
CREATE TABLE "participants" (
    "race_id" UUID NOT NULL,
    "round" SMALLINT NOT NULL,
    "player_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "rank" SMALLINT NOT NULL,
    "wpm" DECIMAL(6,2) NOT NULL,
    "raw" DECIMAL(6,2) NOT NULL,
    "accuracy" DECIMAL(5,2) NOT NULL,
    "consistency" DECIMAL(5,2) NOT NULL,
    "correct" INTEGER NOT NULL,
    "incorrect" INTEGER NOT NULL,
    "extra" INTEGER NOT NULL,
    "missed" INTEGER NOT NULL,

    CONSTRAINT "participants_pkey" PRIMARY KEY ("race_id","round","player_id")
);

-- CreateIndex
CREATE INDEX "participants_player_id_idx" ON "participants"("player_id");

-- AddForeignKey
ALTER TABLE "participants" ADD CONSTRAINT "participants_race_id_round_fkey" FOREIGN KEY ("race_id", "round") REFERENCES "matches"("race_id", "round") ON DELETE CASCADE ON UPDATE CASCADE;
