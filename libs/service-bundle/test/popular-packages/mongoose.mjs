// optional native packages for compression and encryption
import mongoose from 'mongoose';

const User = mongoose.model(
  'User',
  new mongoose.Schema({ name: { type: String, required: true } }),
);
console.log(new User({}).validateSync().message, mongoose.Types.ObjectId.isValid('xyz'));
