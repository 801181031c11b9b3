export interface Quote {
  readonly text: string;
  /** Author, work and year of its first publication. All are in the public domain. */
  readonly source: string;
}

/** In version 1 of the passages. A change of an existing quote or of their order needs a new version. */
export const quotes: readonly Quote[] = [
  {
    text: 'It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.',
    source: 'Jane Austen, Pride and Prejudice, 1813',
  },
  {
    text: 'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness, it was the spring of hope, it was the winter of despair.',
    source: 'Charles Dickens, A Tale of Two Cities, 1859',
  },
  {
    text: 'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world.',
    source: 'Herman Melville, Moby-Dick, 1851',
  },
  {
    text: 'Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it.',
    source: "Lewis Carroll, Alice's Adventures in Wonderland, 1865",
  },
  {
    text: 'Happy families are all alike; every unhappy family is unhappy in its own way.',
    source: 'Leo Tolstoy, Anna Karenina, translated by Constance Garnett, 1901',
  },
  {
    text: 'Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, and dedicated to the proposition that all men are created equal.',
    source: 'Abraham Lincoln, Gettysburg Address, 1863',
  },
  {
    text: 'I went to the woods because I wished to live deliberately, to front only the essential facts of life, and see if I could not learn what it had to teach, and not, when I came to die, discover that I had not lived.',
    source: 'Henry David Thoreau, Walden, 1854',
  },
  {
    text: 'A foolish consistency is the hobgoblin of little minds, adored by little statesmen and philosophers and divines.',
    source: 'Ralph Waldo Emerson, Self-Reliance, 1841',
  },
  {
    text: 'To be, or not to be, that is the question: whether it is nobler in the mind to suffer the slings and arrows of outrageous fortune, or to take arms against a sea of troubles.',
    source: 'After William Shakespeare, Hamlet, about 1601',
  },
  {
    text: "All the world's a stage, and all the men and women merely players; they have their exits and their entrances, and one man in his time plays many parts.",
    source: 'William Shakespeare, As You Like It, 1623',
  },
  {
    text: 'Tomorrow, and tomorrow, and tomorrow, creeps in this petty pace from day to day, to the last syllable of recorded time.',
    source: 'William Shakespeare, Macbeth, 1623',
  },
  {
    text: "You don't know about me without you have read a book by the name of The Adventures of Tom Sawyer; but that ain't no matter.",
    source: 'Mark Twain, Adventures of Huckleberry Finn, 1884',
  },
  {
    text: 'In my younger and more vulnerable years my father gave me some advice that I have been turning over in my mind ever since.',
    source: 'F. Scott Fitzgerald, The Great Gatsby, 1925',
  },
  {
    text: 'So we beat on, boats against the current, borne back ceaselessly into the past.',
    source: 'F. Scott Fitzgerald, The Great Gatsby, 1925',
  },
  {
    text: 'To Sherlock Holmes she is always the woman. I have seldom heard him mention her under any other name. In his eyes she eclipses and predominates the whole of her sex.',
    source: 'Arthur Conan Doyle, A Scandal in Bohemia, 1891',
  },
  {
    text: 'How often have I said to you that when you have eliminated the impossible, whatever remains, however improbable, must be the truth?',
    source: 'Arthur Conan Doyle, The Sign of the Four, 1890',
  },
  {
    text: 'You will rejoice to hear that no disaster has accompanied the commencement of an enterprise which you have regarded with such evil forebodings.',
    source: 'Mary Shelley, Frankenstein, 1818',
  },
  {
    text: 'There was no possibility of taking a walk that day. We had been wandering, indeed, in the leafless shrubbery an hour in the morning.',
    source: 'Charlotte Brontë, Jane Eyre, 1847',
  },
  {
    text: 'I am no bird; and no net ensnares me: I am a free human being with an independent will.',
    source: 'Charlotte Brontë, Jane Eyre, 1847',
  },
  {
    text: 'The studio was filled with the rich odour of roses, and when the light summer wind stirred amidst the trees of the garden, there came through the open door the heavy scent of the lilac.',
    source: 'Oscar Wilde, The Picture of Dorian Gray, 1890',
  },
  {
    text: 'The truth is rarely pure and never simple. Modern life would be very tedious if it were either, and modern literature a complete impossibility!',
    source: 'Oscar Wilde, The Importance of Being Earnest, 1895',
  },
  {
    text: "No one would have believed in the last years of the nineteenth century that this world was being watched keenly and closely by intelligences greater than man's and yet as mortal as his own.",
    source: 'H. G. Wells, The War of the Worlds, 1898',
  },
  {
    text: 'All children, except one, grow up. They soon know that they will grow up, and the way Wendy knew was this.',
    source: 'J. M. Barrie, Peter and Wendy, 1911',
  },
  {
    text: 'The Mole had been working very hard all the morning, spring-cleaning his little home. First with brooms, then with dusters; then on ladders and steps and chairs, with a brush and a pail of whitewash.',
    source: 'Kenneth Grahame, The Wind in the Willows, 1908',
  },
  {
    text: 'There is nothing, absolutely nothing, half so much worth doing as simply messing about in boats.',
    source: 'Kenneth Grahame, The Wind in the Willows, 1908',
  },
  {
    text: "Dorothy lived in the midst of the great Kansas prairies, with Uncle Henry, who was a farmer, and Aunt Em, who was the farmer's wife.",
    source: 'L. Frank Baum, The Wonderful Wizard of Oz, 1900',
  },
  {
    text: 'If you can keep your head when all about you are losing theirs and blaming it on you; if you can trust yourself when all men doubt you, but make allowance for their doubting too.',
    source: 'Rudyard Kipling, If, 1910',
  },
  {
    text: 'Two roads diverged in a wood, and I, I took the one less traveled by, and that has made all the difference.',
    source: 'Robert Frost, The Road Not Taken, 1916',
  },
  {
    text: 'Squire Trelawney, Doctor Livesey, and the rest of these gentlemen having asked me to write down the whole particulars about Treasure Island, from the beginning to the end, keeping nothing back but the bearings of the island, I take up my pen.',
    source: 'Robert Louis Stevenson, Treasure Island, 1883',
  },
  {
    text: 'Whether I shall turn out to be the hero of my own life, or whether that station will be held by anybody else, these pages must show.',
    source: 'Charles Dickens, David Copperfield, 1850',
  },
  {
    text: 'When in the Course of human events, it becomes necessary for one people to dissolve the political bands which have connected them with another, a decent respect to the opinions of mankind requires that they should declare the causes.',
    source: 'After the Declaration of Independence, 1776',
  },
  {
    text: 'If I have seen further it is by standing on the shoulders of giants.',
    source: 'Isaac Newton, letter to Robert Hooke, 1675',
  },
];
