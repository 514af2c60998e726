import { plain } from './page.js';

const rebuild = 'Run `warpfold compile` and `warpfold build` again.';
const download = 'Download the model directory again.';

/** The addon, devices and launches. */
export const devicePages = {
  R001: plain('The native addon is missing or does not load', 'Kernels run through a small addon in C++. It was not built for this platform, or a library that it needs is missing; the message says which.', 'Install the package again, or build the addon: npm run build:native.'),
  R010: plain('An argument of the wrong kind', 'Something that was passed is not what the call takes, such as a plain array where a typed one belongs.', 'The message names what was met and what is needed.'),
  R011: plain('A tensor was used after it was disposed', '`using` ends with its block, and a view ends with the tensor it looks into.', 'Keep the tensor that owns the memory in the outermost block that uses it.'),
  R012: plain('A tensor of another device', 'Memory belongs to the device that gave it.', 'Read the tensor there and write it here.'),
  R013: plain('An impossible shape', 'Lengths are whole numbers from 0, products stay below 2^53, slices lie within the rows, and a reshape keeps the number of elements.', 'Compare the shapes in the message.'),
  R014: plain('Not enough memory', 'The device has no room for what was asked; the message says how much it holds and of how much.', 'Dispose what is no longer needed, work in slices, or lower the memory budget.'),
  R015: plain('Host data and tensor differ', 'A write or a copy keeps dtype and number of elements. bf16 and f16 are written as their bits in a Uint16Array, f8e4m3 in a Uint8Array.', 'Convert on the host, or allocate the tensor in the dtype that the data have.'),
  R016: plain('A device was used after it was closed', 'Closing waits for what was queued; nothing can follow.', 'Keep `await using device` in the outermost block.'),
  R017: plain('Work was dropped', 'cancel() was called: what had not begun will not run, and waiting for it ends with this.', 'Nothing, where the cancel was meant; the device stays usable.'),
  R018: plain('Work failed on the device', 'A kernel failed while it ran; later work that reads its results fails with it.', 'The message carries the reason. Run the kernel on the emulator to see races and reads of what nobody wrote.'),
  R019: plain('A write to memory that is only read', 'Adopted memory, such as a mapped weight file, is never written.', 'Allocate a tensor and copy into it.'),
  R020: plain('No GPU can be used', 'There is no driver, no GPU, or none of compute capability 8.0 or later.', 'Use --device cpu, or install the driver; `nvidia-smi` shows what it sees.'),
  R021: plain('The GPU driver is too old', 'Kernels need the CUDA version that the message names.', 'Update the NVIDIA driver.'),
  R022: plain('A call to the GPU driver failed', 'The message has the call, the name of its error and, for a launch, the kernel with its blocks and threads.', 'Run with --device emulator to have the mistake found by line.'),
  R023: plain('The GPU was lost', 'An earlier failure ended the context; everything on this device is gone.', 'Close the device and open it again. The first failure says what to mend.', 'R022'),
  R101: plain('No such kernel', 'The manifest that the device was opened with has no kernel of this name.', 'Compare the names in the message; after a new kernel, compile and build again.'),
  R102: plain('An argument is missing or unknown', 'Parameters, results and sizes are given by the names that the kernel declares.', 'Compare the names in the message.'),
  R103: plain('A number where a tensor belongs, or the other way round', "A parameter without axes, In<'f32', []>, is a number; all others are tensors.", 'Pass what the message asks for.'),
  R104: plain('Wrong dtype', 'A tensor has another dtype than the parameter, or two parameters of one type parameter have two.', 'Allocate it in the dtype that the message names.'),
  R105: plain('Wrong number of dimensions', 'Tensors have one dimension per axis of the parameter, except that a ragged axis and the one it depends on are one dimension of packed rows.', 'Compare the axes in the message.'),
  R106: plain('Two tensors disagree about an axis', 'An axis has one length in a launch.', 'Compare the shapes in the message.'),
  R107: plain('No variant for these dtypes and sizes', 'Fixed sizes and dtypes are compiled in; others were not compiled, or not for this target.', 'Add the size or the dtype to the kernel, or compile for the target; a dynamic axis takes any length.'),
  R108: plain('The length of an axis is not known', 'No tensor shows it.', 'Give it in the sizes of the launch.'),
  R109: plain('A number that its type cannot hold', 'i32 takes whole numbers of 32 bits, f32 finite ones up to 3.4e38.', 'Check where the number comes from.'),
  R110: plain('Offsets of a ragged axis are wrong', 'They are i32, rise, begin with 0 (or later, where rows are left out) and end with the number of rows.', 'Compare the offsets with the rows of the packed tensors.'),
  R111: plain('A result shares memory with another argument', 'Blocks run in any order, so a result must not lie where another block still reads.', 'Give the result its own tensor.'),
  R112: plain('A kernel was not built', 'Its text is there, what a device loads is not.', 'Run `warpfold build`; for CUDA nvcc must be on the PATH.', 'R113'),
  R113: plain('A kernel file does not load', 'It is damaged, or of another machine.', rebuild, 'R112'),
  R114: plain('A kernel does not fit the GPU', 'It has no code for this GPU, or its block needs more shared memory than there is.', rebuild),
  R499: plain('Interrupted', 'Ctrl-C stopped the work.', 'Nothing.'),
} as const;

/** Files of tensors and models, and what is asked of a model. */
export const modelPages = {
  R201: plain('A file cannot be opened', 'It is not there, may not be read, or cannot be mapped.', 'Check the path in the message.'),
  R202: plain('A tensor file ends early', 'Its header promises more bytes than there are.', download),
  R203: plain('The header of a tensor file has an impossible length', 'The first 8 bytes are no length of a header: this is no safetensors file.', download),
  R204: plain('The header of a tensor file is not what the format demands', 'The message says which entry.', download),
  R205: plain('A key stands twice', 'Which of the two is meant nobody can know.', 'Write the file anew.'),
  R206: plain('An unknown dtype in a tensor file', 'The format has others by now, or the file is damaged.', 'Convert the file.'),
  R207: plain('Shape and bytes of a stored tensor disagree', 'Its bytes are not what its shape and dtype take.', download),
  R208: plain('Stored tensors overlap or leave a hole', 'The format stores them one behind the other, without gaps.', download),
  R209: plain('The index of the shards is not what the format demands', 'model.safetensors.index.json maps every tensor to a file.', download),
  R210: plain('A shard is missing', 'The index names a file that is not in its folder.', 'Download it into the same folder.'),
  R211: plain('A tensor is missing', 'The model needs a weight that no file has.', 'Check that weights and config.json belong together.'),
  R212: plain('A stored dtype that kernels do not compute with', 'They compute with f32, bf16, f16 and i32, and read f8e4m3.', 'Convert the file.'),
  R301: plain('A file of the model directory cannot be read', 'A model is config.json, tokenizer.json and safetensors files, as Hugging Face writes them.', 'Give such a directory.'),
  R302: plain('config.json says what no checkpoint can have', 'The message names the entry.', download),
  R303: plain('An unknown architecture', "Models of type 'llama' and 'qwen2' are run.", 'Use one of them.'),
  R304: plain('A feature that is not supported', 'The message names the entry of config.json.', 'Use a checkpoint without it.'),
  R305: plain('A weight has another shape than config.json makes it', 'The two are of different models.', 'Check that they belong together.'),
  R306: plain('A weight is in a dtype that the model cannot compute in', 'The message names both.', "Use a checkpoint in f32, bf16 or f16, and dtype 'f32' where it is not bf16."),
  R310: plain('The tokenizer cannot be built', 'tokenizer.json is missing something or is not a tokenizer.', download),
  R311: plain('A BOS is asked for and nothing names one', 'Neither tokenizer nor config has such a token.', 'Leave the option out.'),
  R312: plain('The chat template cannot be read', 'It is a Jinja template in tokenizer_config.json or chat_template.jinja; the message says where it breaks.', download, 'R407'),
  R401: plain('The document is empty', 'There is nothing to read.', 'Give a document with some text.'),
  R402: plain('The question leaves no room in the window', 'Question and answer must fit the window that the model was trained with; only the document may be longer.', 'Ask a shorter question or lower maxTokens.'),
  R403: plain('An option is out of range', 'The message names it and what it may be.', 'Change the option.'),
  R404: plain('The question is empty', 'There is nothing to answer.', 'Say what the document is to be asked.'),
  R405: plain('The document cannot be read', 'The path names no text file.', 'Check the path.'),
  R406: plain('Messages for a model without a chat template', 'How turns are written is the checkpoint\'s to say, and this one does not.', 'Use an instruct checkpoint, or ask with a plain question.', 'R312'),
  R407: plain('The chat template refuses the messages', 'Templates may demand that roles alternate, or allow no system message.', 'The message has the template\'s own words; arrange the messages so.'),
  R408: plain('A model or document was used after it was disposed', '`await using` ends with its block.', 'Keep the model, or the document, in the outermost block that uses it.'),
  R409: plain('Neither a question nor messages, or both', 'A request says one of the two.', 'Leave one out.'),
} as const;

/** The float64 reference: calling a kernel's own TypeScript. */
export const referencePages = {
  R501: plain('This is no tensor', 'Kernels and primitives take what `array` or a primitive made.', 'Make one: array(data, { axes, shape, dtype }).'),
  R502: plain('Axes, shape, data and dtype of an array disagree', 'One length per axis, as many numbers as their product, whole numbers for i32.', 'Compare them with the message.'),
  R503: plain('An operand lacks the axis', 'The reference says at run time what T012 says when compiling.', 'Name an axis that the operand has.', 'T012'),
  R504: plain('An axis has no length', 'No input shows it, or the kernel gives it no size.', 'Give it in options.sizes.'),
  R505: plain('A length was asked for outside of a kernel', 'sizeOf has a meaning only while a kernel runs.', "Call the kernel's reference."),
  R506: plain('Lengths disagree', 'An axis has one length in a call, and a fixed one is what the kernel says.', 'Compare the shapes in the message.'),
  R507: plain('An arrow gave no number', 'map takes numbers, tabulate whole numbers.', 'Return one on every path.', 'F061', 'F069'),
  R508: plain('A primitive was given what it cannot take', 'The message names the primitive and the argument.', 'Compare with its documentation.', 'T015', 'T016', 'T017', 'T034'),
  R509: plain('An input is missing or unknown', 'Inputs are given by name, or in order as a list.', 'Compare the names in the message.'),
  R510: plain('Parts of a ragged axis do not fit together', 'options.offsets give the first row of each part and, last, the number of rows.', 'Compare the offsets with the packed tensors.'),
} as const;

/** Evaluations: `warpfold eval`. */
export const evaluationPages = {
  R601: plain('A length that does not hold the task', 'What is hidden or foreseen, with some text around it, takes more tokens than the length gives.', 'Choose a longer length.'),
  R602: plain('A file of templates is not what it should be', 'The message names the entry.', 'Correct it, or leave it out for the usual wording.'),
  R603: plain('A dataset is not what it should be', 'LongBench and InfiniteBench come as one JSON record a line; the message names line and field.', 'Correct the line, or name the task in front, as in kv_retrieval=FILE.'),
  R604: plain('A method that does not exist, or an option it does not have', 'The message lists those there are.', 'Compare the names.'),
  R605: plain('Results of other settings are there', 'A run goes on where it stopped only where nothing but time has passed.', 'Name another file with --out, or move this one away.'),
  R606: plain('Nothing to evaluate', 'No task and length are named, or a number is out of range.', 'Name a task and a length, or a file of data.'),
} as const;
