<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Banner</name>
    <message>
        <source>Close this message (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>difference in {symbol}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>re-synced: each step of nn.LSTM starts from this run&apos;s state before it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rounding bound of that step, for the unit nearest to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>free-running: each side on its own history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A gap means no difference at all: zero has no place on a logarithmic axis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not computed yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest difference: {error} of {bound} allowed, at t = {t}, {quantity} of unit {unit}, layer {layer}, {direction}, batch element {batch}. Computed on {device} in {arithmetic}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reverse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forward</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExamplePage</name>
    <message>
        <source>Examples</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilePage</name>
    <message>
        <source>a .csv file with one row a step, or a .npy array</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a sequence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read: {shape}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GateWeights</name>
    <message>
        <source>Whose weights are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W multiplies x_t, U multiplies h_(t-1), and two biases are added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights of the gate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{symbol} {shape} = {name}[{start}:{stop}] of {packed}; torch calls this gate {letter}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GatesView</name>
    <message>
        <source>&amp;Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>D&amp;irection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Batch element</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sho&amp;w as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Units</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reverse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which layer is shown, counted from 0 (Alt+L)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reverse direction runs from the last step to step 0, so its final state is at t = 0 (Alt+I)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which element of the batch is shown, counted from 0 (Alt+B)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic draws lines up to 32 units and a heat map above (Alt+W)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick the units to show; the selected one is drawn on top (Alt+U, Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Units shown</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>InspectorView</name>
    <message>
        <source>Ste&amp;p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wei&amp;ghts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers of this step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A row for each unit; select one to bring it to the front in all views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pre-activations z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also show what goes into each gate&apos;s nonlinearity (Alt+P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reverse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reverse runs from t = {last} down to 0. Its last state is the one at t = 0, so h_n[{index}] equals output at t = 0, columns {start} to {stop}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reverse runs from t = {last} down to 0, so its last state is the one at t = 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>h has {units} units: it is projected, h = W_hr (o * tanh C).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobBar</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop this work; everything stays as it was</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Wrote {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sequence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to look for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with nn.LSTM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring drift…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading PyTorch…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unexpected error: {error}. It is logged in {path}; you can go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a sequence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV, a row for each unit (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV, a row for each step (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>t, from 0 to {last}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run on {device}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NetworkDialog</name>
    <message>
        <source>New network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste a line of PyTorch; it is read, never run, and fills in the fields below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>torch.manual_seed before the network is made: the same seed, the same weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network&apos;s parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;PyTorch line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence has {old} numbers a step. The network takes {new}, so it starts with an impulse.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} parameters, {bytes} bytes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NotesView</name>
    <message>
        <source>What to look for</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NumbersPage</name>
    <message>
        <source>&amp;Batch element</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Paste from spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the table with what was copied (Ctrl+V in the table)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers of the sequence, a row for each step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Num&amp;bers a step</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SequenceDialog</name>
    <message>
        <source>Sequence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Example</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Initial state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch &amp;element shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the network &amp;fit: input_size = {width}, new weights from seed {seed}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{steps} steps of {width} numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence has NaN or infinity; from there on nothing can be compared with nn.LSTM.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SequenceView</name>
    <message>
        <source>token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps of the sequence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a step to go there (Up and Down while the list has the focus)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{steps} steps of {width} numbers, batch of {batch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{steps} steps of {width} numbers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StateEditor</name>
    <message>
        <source>Zeros</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set all of {name} to zero</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read {name} from a .csv or .npy file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatePage</name>
    <message>
        <source>A row for each layer and direction. Ctrl+V pastes from a spreadsheet.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message>
        <source>Each character is one step. Left empty, the vocabulary is the sorted set of characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Vocabulary</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Toolbar</name>
    <message>
        <source>Toolbar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{speed} / s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps a second while playing (Ctrl+Up, Ctrl+Down)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to any step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the network runs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VerdictBadge</name>
    <message>
        <source>not checked yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click for the comparison step by step (Ctrl+M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>differs from nn.LSTM at t = {t}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot compare from t = {t} on</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>about</name>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gatescope {version}

A step-through debugger for LSTMs, checked at every step against PyTorch&apos;s nn.LSTM.

Log: {log}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Gatescope</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;New network…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the arguments of nn.LSTM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sequence…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type, paste or open a sequence, or pick an example</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open sequence…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a .csv or .npy file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xport CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write every gate and state of every step to a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;First step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to t = 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step &amp;back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the previous step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step by itself, or pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Last step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fas&amp;ter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play more steps a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slo&amp;wer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play fewer steps a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go to step…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the number of a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Co&amp;mpare with nn.LSTM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the errors of every step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;all steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo zooming in the plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all &amp;units</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick every unit in the legend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only the selected un&amp;it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untick every other unit in the legend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw &amp;lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A line for each unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw &amp;heat maps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A row for each unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw what &amp;suits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines up to 32 units, heat maps above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La&amp;rger type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the last row of a classroom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;maller type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make all text smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset la&amp;yout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put all panels back where they were at first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the line above the panels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List every key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Gatescope</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version and where the log is</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>{name} must be a whole number, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} must be {allowed}, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} must be True or False, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>proj_size must be 0 (no projection) or smaller than hidden_size {hidden}, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} needs {needed} of memory, but this machine has {available} free; choose smaller sizes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dtype must be float32 or float64, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>device must be cpu, cuda or cuda:N, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no CUDA device {device}: {reason}. Use the CPU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this PyTorch is built without CUDA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no working NVIDIA driver and device were found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are only {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The module must be a torch.nn.LSTM, but it is a {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The module is in training mode with dropout {dropout} between its layers, so its masks cannot be known; call module.eval() first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a constructor such as nn.LSTM(4, 3, num_layers=2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A constructor has at most {limit} characters, but this text has {length}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a plain call such as nn.LSTM(4, 3): it cannot be read near character {column}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a plain nn.LSTM(...) call is understood, but here is: {part}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only nn.LSTM is understood, but here is: {part}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The value of {name} must be written out (a number, True, False or a name of a dtype), not: {part}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nn.LSTM has no argument {name}; it has {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nn.LSTM takes at most {limit} arguments by position, but here are {given}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The argument {name} is given twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nn.LSTM needs input_size and hidden_size; {name} is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence is empty; it needs at least one step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {row} has {given} values, but the rows before it have {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {row}, column {column} is not a number: {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each step has {given} values, but the network takes {expected} (its input_size).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A sequence has 2 dimensions (T, {width}), or 3 with a batch ({batch}); this one has the shape {given}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence has dtype {given}, but the network computes in {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence is on {given}, but the network is on {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence must be a dense torch.Tensor, but it is a {given}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The character {character} at position {position} is not in the vocabulary {vocabulary}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} must have the shape {expected}, but it has {given}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has dtype {given}, but the sequence has {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is on {given}, but the sequence is on {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hx must be the pair (h0, c0), but it is a {given}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a folder; a file is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} must end in {allowed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a CSV text file in UTF-8.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a NumPy .npy file: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} holds Python objects, which are never unpickled; save it as an array of numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} holds {given}; an array of real numbers is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} does not hold the weights of this network: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}. Nothing was changed there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layout must be long or wide, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layer must be from 0 to {last}, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>direction must be {allowed}, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>t must be from 0 to {last}, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quantity must be {allowed}, but it is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>matches nn.LSTM ({percent} % of the rounding bound)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>does not match nn.LSTM: first at t = {t}, {quantity} of unit {unit} (layer {layer}, {direction}, batch element {batch}), {times} times the rounding bound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot compare from t = {t} on: NaN or infinity appears in {where}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forget gate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>input gate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cell state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>output gate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hidden state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>K, how many numbers x_t has at each step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>H, how many units each layer has</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layers stacked on each other; each reads the h of the one below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whether the gates add b_ih and b_hh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whether a batch comes as (B, T, K) instead of (T, B, K)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>acts between layers while training; never after the last layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adds a second direction that reads from the end to the start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>h gets this many units through W_hr; 0 means no projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>where it is computed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the numbers it computes with</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
