<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>ArbiterPanel</name>
    <message>
        <source>As&amp;k float64</source>
        <translation>以 float64 为基准(&amp;K)</translation>
    </message>
    <message>
        <source>Compute every step again in float64, and tell who is nearer to it: this run or PyTorch (Alt+K)</source>
        <translation>用 float64 重新计算每个时间步，看谁离它更近：本次运行还是 PyTorch (Alt+K)</translation>
    </message>
    <message>
        <source>Computing in float64…</source>
        <translation>正在用 float64 计算…</translation>
    </message>
    <message>
        <source>Away from float64, in units of the last place of {dtype}:</source>
        <translation>与 float64 的距离，以 {dtype} 的末位单位（ulp）计：</translation>
    </message>
    <message>
        <source>{quantity}: this run {ours} at most, {our_mean} on average; {module} {theirs} at most, {their_mean} on average</source>
        <translation>{quantity}：本次运行最大 {ours}，平均 {our_mean}；{module} 最大 {theirs}，平均 {their_mean}</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Unexpected error: {error}. It is logged in {path}; you can go on.</source>
        <translation>意外错误：{error}。已记入日志 {path}；可以继续使用。</translation>
    </message>
    <message>
        <source>Close this message (Esc)</source>
        <translation>关闭这条消息（Esc）</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭这条消息</translation>
    </message>
</context>
<context>
    <name>BreakpointDialog</name>
    <message>
        <source>New breakpoint</source>
        <translation>新建断点</translation>
    </message>
    <message>
        <source>Change breakpoint</source>
        <translation>更改断点</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>条件</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>时间步</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Batch elements</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>命中</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>命中时</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>日志消息</translation>
    </message>
    <message>
        <source>A condition, a step, or both. Ctrl+Space lists what can be used.</source>
        <translation>可填条件、时间步，或两者都填。按 Ctrl+空格列出可用的内容。</translation>
    </message>
    <message>
        <source>only at t =</source>
        <translation>仅在 t =</translation>
    </message>
    <message>
        <source>all count</source>
        <translation>每次都算</translation>
    </message>
    <message>
        <source>only hit number</source>
        <translation>只算第几次命中</translation>
    </message>
    <message>
        <source>one hit in every</source>
        <translation>每几次命中算一次</translation>
    </message>
    <message>
        <source>Which hits count</source>
        <translation>哪些命中算数</translation>
    </message>
    <message>
        <source>Number of the hit</source>
        <translation>命中的次数</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>停下</translation>
    </message>
    <message>
        <source>write into the log and go on</source>
        <translation>写入日志并继续</translation>
    </message>
    <message>
        <source>What happens at a hit</source>
        <translation>命中时做什么</translation>
    </message>
    <message>
        <source>Values stand in braces.</source>
        <translation>值写在花括号中。</translation>
    </message>
    <message>
        <source>only once: then it is taken away</source>
        <translation>一次性：命中后即删除</translation>
    </message>
</context>
<context>
    <name>BreakpointsView</name>
    <message>
        <source>New breakpoint</source>
        <translation>新建断点</translation>
    </message>
    <message>
        <source>New breakpoint, with everything that one can be (Ins)</source>
        <translation>新建断点，可设置全部选项（Ins）</translation>
    </message>
    <message>
        <source>Change breakpoint</source>
        <translation>更改断点</translation>
    </message>
    <message>
        <source>Change the selected breakpoint (Enter, F2)</source>
        <translation>更改选中的断点（回车、F2）</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>下一次命中</translation>
    </message>
    <message>
        <source>Go to the next hit of the selected breakpoint (Ctrl+Enter)</source>
        <translation>转到选中断点的下一次命中处（Ctrl+回车）</translation>
    </message>
    <message>
        <source>Remove breakpoints</source>
        <translation>删除断点</translation>
    </message>
    <message>
        <source>Remove the selected breakpoints (Del)</source>
        <translation>删除选中的断点（Del）</translation>
    </message>
    <message>
        <source>Remove all breakpoints</source>
        <translation>删除所有断点</translation>
    </message>
    <message>
        <source>Remove all breakpoints (Ctrl+Shift+F9)</source>
        <translation>删除所有断点（Ctrl+Shift+F9）</translation>
    </message>
    <message>
        <source>Breakpoints</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>No breakpoints. F9 sets one at the current step; a condition can be typed below.</source>
        <translation>没有断点。按 F9 在当前时间步设置断点；也可在下面输入条件。</translation>
    </message>
    <message>
        <source>Condition of a new breakpoint</source>
        <translation>新断点的条件</translation>
    </message>
    <message>
        <source>Enter adds it. Ctrl+Space lists what can be used.</source>
        <translation>按回车添加。按 Ctrl+空格列出可用的内容。</translation>
    </message>
    <message>
        <source>Stop wherever this is true (Ctrl+F9 leads here)</source>
        <translation>凡条件成立处都停下（按 Ctrl+F9 转到这里）</translation>
    </message>
    <message>
        <source>Stop where, such as {example}</source>
        <translation>在何处停下，例如 {example}</translation>
    </message>
    <message>
        <source>No stop in this run</source>
        <translation>本次运行中没有断点命中</translation>
    </message>
    <message>
        <source>1 stop in this run</source>
        <translation>本次运行中有 1 次断点命中</translation>
    </message>
    <message>
        <source>{count} stops in this run</source>
        <translation>本次运行中有 {count} 次断点命中</translation>
    </message>
    <message>
        <source>Enabled</source>
        <translation>启用</translation>
    </message>
</context>
<context>
    <name>CellTexts</name>
    <message>
        <source>unit {unit}</source>
        <translation>单元 {unit}</translation>
    </message>
    <message>
        <source>layer {layer}</source>
        <translation>层 {layer}</translation>
    </message>
    <message>
        <source>batch element {batch}</source>
        <translation>样本 {batch}</translation>
    </message>
    <message>
        <source>it has only {steps} steps</source>
        <translation>它只有 {steps} 个时间步</translation>
    </message>
    <message>
        <source>x_t is h_t of layer {layer}, forward and reverse side by side</source>
        <translation>x_t 是层 {layer} 的 h_t，正向与反向并排</translation>
    </message>
    <message>
        <source>x_t is h_t of layer {layer}</source>
        <translation>x_t 是层 {layer} 的 h_t</translation>
    </message>
    <message>
        <source>not computed yet</source>
        <translation>尚未计算</translation>
    </message>
    <message>
        <source>input x_t</source>
        <translation>输入 x_t</translation>
    </message>
    <message>
        <source>state before the first step</source>
        <translation>第一个时间步之前的状态</translation>
    </message>
    <message>
        <source>state before this step</source>
        <translation>这个时间步之前的状态</translation>
    </message>
</context>
<context>
    <name>CheckpointDialog</name>
    <message>
        <source>Open checkpoint</source>
        <translation>打开检查点</translation>
    </message>
    <message>
        <source>Recurrent modules in the file</source>
        <translation>文件中的循环模块</translation>
    </message>
    <message>
        <source>The module&apos;s parameters</source>
        <translation>模块的参数</translation>
    </message>
    <message>
        <source>choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>&amp;Nonlinearity, which the weights of an RNN do not tell</source>
        <translation>非线性函数（从 RNN 的权重看不出来）(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Batch, whose place the weights do not tell</source>
        <translation>批次的位置（权重没有说明）(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Head, for predictions</source>
        <translation>输出层（用于预测）(&amp;H)</translation>
    </message>
    <message>
        <source>The nn.Linear that reads the module&apos;s output itself; that there is nothing in between, no file tells (Alt+H)</source>
        <translation>直接读取该模块输出的 nn.Linear；中间是否还有别的层，文件里看不出来（Alt+H）</translation>
    </message>
    <message>
        <source>Which axis of the array is the batch, and which is time: both run, and only one is right. It can be changed in Sequence (Ctrl+E) later, and the weights stay (Alt+B)</source>
        <translation>数组的哪个轴是批次、哪个轴是时间：两种都能运行，但只有一种正确。以后可在“序列”（Ctrl+E）中更改，权重保持不变（Alt+B）</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>数值类型</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>(the file itself)</source>
        <translation>（文件本身）</translation>
    </message>
    <message>
        <source>{count} layers</source>
        <translation>{count} 层</translation>
    </message>
    <message>
        <source>both directions</source>
        <translation>双向</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>none: no Linear in the file reads {width} numbers</source>
        <translation>无：文件中没有读取 {width} 个数的 Linear</translation>
    </message>
    <message>
        <source>It starts from what was given: {states}.</source>
        <translation>从已给定的初始状态开始：{states}。</translation>
    </message>
</context>
<context>
    <name>ChooseDialog</name>
    <message>
        <source>Reading {path}…</source>
        <translation>正在读取 {path}…</translation>
    </message>
    <message>
        <source>{path} has no {name}; choose from what there is.</source>
        <translation>{path} 中没有 {name}；请从现有的中选择。</translation>
    </message>
</context>
<context>
    <name>ClipboardWriter</name>
    <message>
        <source>Copying {count} rows…</source>
        <translation>正在复制 {count} 行…</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>These are {count} cells, of which at most {most} can be copied at once. Select fewer rows; File &gt; Export CSV writes a whole run.</source>
        <translation>共有 {count} 个单元格，一次最多可复制 {most} 个。请少选几行；“文件 &gt; 导出 CSV”可写出整次运行。</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Differen&amp;ce in</source>
        <translation>差值(&amp;C)</translation>
    </message>
    <message>
        <source>a&amp;nd in</source>
        <translation>以及(&amp;N)</translation>
    </message>
    <message>
        <source>Whose differences are drawn: any gate or state (Alt+C)</source>
        <translation>画哪个量的差值：任意门或状态（Alt+C）</translation>
    </message>
    <message>
        <source>Whose differences are drawn beside it (Alt+N)</source>
        <translation>在旁边再画哪个量的差值（Alt+N）</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>保存图片…</translation>
    </message>
</context>
<context>
    <name>ComparisonWords</name>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Show the step, the cell and the unit that the verdict names, in all panels</source>
        <translation>在所有面板中显示结论所指的时间步、层与方向以及单元</translation>
    </message>
    <message>
        <source>Not computed yet.</source>
        <translation>尚未计算。</translation>
    </message>
    <message>
        <source>Ctrl+M goes back to the comparison with PyTorch.</source>
        <translation>按 Ctrl+M 回到与 PyTorch 的比较。</translation>
    </message>
    <message>
        <source>the edited run less what it is held against: the largest difference of any unit</source>
        <translation>修改后的运行减去对照的运行：各单元中的最大差值</translation>
    </message>
    <message>
        <source>Go to {quantity} of unit {unit}, t = {t}</source>
        <translation>转到 {quantity} 的单元 {unit}，t = {t}</translation>
    </message>
    <message>
        <source>Go to {quantity}</source>
        <translation>转到 {quantity}</translation>
    </message>
    <message>
        <source>Go to {quantity} of unit {unit}</source>
        <translation>转到 {quantity} 的单元 {unit}</translation>
    </message>
    <message>
        <source>The module itself was called as well, and returned the same.</source>
        <translation>也调用了模块本身，返回的结果相同。</translation>
    </message>
    <message>
        <source>Nothing can be compared. Computed on {device} in {arithmetic}.</source>
        <translation>没有可以比较的内容。计算设备：{device}，运算精度：{arithmetic}。</translation>
    </message>
    <message>
        <source>Largest difference: {error} of {bound} allowed, at t = {t}, {quantity} of unit {unit}, {where}. Computed on {device} in {arithmetic}.</source>
        <translation>最大误差：{error}（允许 {bound}），位于 t = {t}，单元 {unit} 的 {quantity}，{where}。计算设备：{device}，运算精度：{arithmetic}。</translation>
    </message>
    <message>
        <source>{network} on {device} in {arithmetic}</source>
        <translation>{network}，计算设备：{device}，运算精度：{arithmetic}</translation>
    </message>
    <message>
        <source>This run: {this}. The other run: {other}.</source>
        <translation>本次运行：{this}。另一次运行：{other}。</translation>
    </message>
    <message>
        <source>This is the edited run, with these edits:</source>
        <translation>这是修改后的运行，其中的修改有：</translation>
    </message>
    <message>
        <source>Reference of {quantities}: {how}.</source>
        <translation>{quantities} 的参考值：{how}。</translation>
    </message>
    <message>
        <source>re-synced: each step of {module} starts from this run&apos;s state before it</source>
        <translation>逐步同步：{module} 的每个时间步都从本次运行上一步的状态出发</translation>
    </message>
    <message>
        <source>rounding bound of that step, for the unit nearest to it</source>
        <translation>该时间步的舍入误差界（取最接近误差界的单元）</translation>
    </message>
    <message>
        <source>free-running: each side on its own history</source>
        <translation>自由运行：两边各按自己的历史继续</translation>
    </message>
    <message>
        <source>each run&apos;s steps computed again with the other&apos;s network, from the state before them</source>
        <translation>两次运行的每个时间步，都从该步之前的状态出发，用对方的网络重新计算</translation>
    </message>
    <message>
        <source>this run and the other as they are, each on its own history</source>
        <translation>两次运行保持原样，各按自己的历史继续</translation>
    </message>
    <message>
        <source>A gap means no difference at all (zero has no place on a logarithmic axis), or a step that cannot be compared.</source>
        <translation>曲线断开处表示毫无差别（对数坐标轴上画不出零），或者该时间步无法比较。</translation>
    </message>
</context>
<context>
    <name>CompletionPopup</name>
    <message>
        <source>Completions</source>
        <translation>补全建议</translation>
    </message>
</context>
<context>
    <name>ContextMenu</name>
    <message>
        <source>Copy {name} = {number}</source>
        <translation>复制 {name} = {number}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>DetectableLabel</name>
    <message>
        <source>An error of this size at every step of a unit would not have passed as rounding</source>
        <translation>某个单元若在每个时间步都有这么大的误差，就不会被当作舍入误差放过</translation>
    </message>
</context>
<context>
    <name>DeviceMenu</name>
    <message>
        <source>Run on {device}</source>
        <translation>在 {device} 上运行</translation>
    </message>
    <message>
        <source>only on CUDA</source>
        <translation>仅限 CUDA</translation>
    </message>
    <message>
        <source>only for float32</source>
        <translation>仅限 float32</translation>
    </message>
</context>
<context>
    <name>DiagramView</name>
    <message>
        <source>Cell</source>
        <translation>细胞</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Zoom in (+, Ctrl+wheel)</source>
        <translation>放大（+，Ctrl+滚轮）</translation>
    </message>
    <message>
        <source>Zoom out (-, Ctrl+wheel)</source>
        <translation>缩小（-，Ctrl+滚轮）</translation>
    </message>
    <message>
        <source>Show all of the drawing (0)</source>
        <translation>显示整幅图（0）</translation>
    </message>
    <message>
        <source>Let values move along the wires when a phase is stepped into (F11)</source>
        <translation>单步进入一个阶段时（F11），让数值沿连线移动</translation>
    </message>
    <message>
        <source>Save the drawing as SVG, PNG or PDF</source>
        <translation>将图保存为 SVG、PNG 或 PDF</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>Moving values</source>
        <translation>移动的数值</translation>
    </message>
    <message>
        <source>Export drawing</source>
        <translation>导出图</translation>
    </message>
    <message>
        <source>The cell that the cursor is in, with the numbers on its wires. Up and Down select another unit, Page Up and Page Down another quantity</source>
        <translation>光标所在的细胞，连线上标有数值。上、下键选择另一个单元，Page Up、Page Down 键选择另一个量</translation>
    </message>
    <message>
        <source>All layers over time, from which a double click opens a cell</source>
        <translation>所有层随时间展开；双击可打开一个细胞</translation>
    </message>
    <message>
        <source>Cell diagram</source>
        <translation>LSTM 结构图</translation>
    </message>
    <message>
        <source>Network over time</source>
        <translation>随时间展开的网络</translation>
    </message>
    <message>
        <source>Select {symbol}</source>
        <translation>选择 {symbol}</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>转到那里</translation>
    </message>
    <message>
        <source>Open this cell</source>
        <translation>打开此细胞</translation>
    </message>
    <message>
        <source>SVG drawing (*.svg)</source>
        <translation>SVG 矢量图 (*.svg)</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>PDF document (*.pdf)</source>
        <translation>PDF 文档 (*.pdf)</translation>
    </message>
</context>
<context>
    <name>DockMenu</name>
    <message>
        <source>&amp;Hide this panel</source>
        <translation>隐藏此面板(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Put it back into the window</source>
        <translation>放回主窗口(&amp;P)</translation>
    </message>
    <message>
        <source>Make it a &amp;window of its own</source>
        <translation>作为独立窗口(&amp;W)</translation>
    </message>
</context>
<context>
    <name>EditDialog</name>
    <message>
        <source>hold a quantity</source>
        <translation>固定一个量</translation>
    </message>
    <message>
        <source>feed another number</source>
        <translation>换一个输入数值</translation>
    </message>
    <message>
        <source>feed another token</source>
        <translation>换一个输入词元</translation>
    </message>
    <message>
        <source>start from another state</source>
        <translation>换一个初始状态</translation>
    </message>
    <message>
        <source>another weight or bias</source>
        <translation>换一个权重或偏置</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>假设分析</translation>
    </message>
    <message>
        <source>What to change</source>
        <translation>修改什么</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
</context>
<context>
    <name>EditForm</name>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Batch element</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Step t</source>
        <translation>时间步 t</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>EditsView</name>
    <message>
        <source>Branch</source>
        <translation>分支</translation>
    </message>
    <message>
        <source>Held against</source>
        <translation>对照</translation>
    </message>
    <message>
        <source>A version of the edits</source>
        <translation>修改的一个版本</translation>
    </message>
    <message>
        <source>What is drawn as dashed lines, and what the edits are compared with</source>
        <translation>以虚线画出、用来与修改后的运行比较的那次运行</translation>
    </message>
    <message>
        <source>What if…</source>
        <translation>假设分析…</translation>
    </message>
    <message>
        <source>Change an input, a state, a weight, or hold a quantity ({keys})</source>
        <translation>修改输入、状态或权重，或固定一个量（{keys}）</translation>
    </message>
    <message>
        <source>Edits of this branch</source>
        <translation>这个分支的修改</translation>
    </message>
    <message>
        <source>Enter or a double click goes to where an edit acts, Del takes it away</source>
        <translation>按回车或双击，转到修改起作用的位置；按 Del 去掉修改</translation>
    </message>
    <message>
        <source>Nothing is changed in this run. Double click a number in the Inspector, on its step or among its weights, or an input in the Sequence list, and type another one; or press {keys}.</source>
        <translation>本次运行没有任何修改。双击“检查器”中时间步或权重页上的数，或“序列”列表中的输入，键入另一个值；或者按 {keys}。</translation>
    </message>
    <message>
        <source>What the edits change</source>
        <translation>修改带来的变化</translation>
    </message>
    <message>
        <source>Go on in a new branch ({keys})</source>
        <translation>在新分支中继续（{keys}）</translation>
    </message>
    <message>
        <source>Rename this branch</source>
        <translation>重命名这个分支</translation>
    </message>
    <message>
        <source>Drop this branch</source>
        <translation>丢弃这个分支</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Take the selected edit away ({keys})</source>
        <translation>去掉选中的修改（{keys}）</translation>
    </message>
    <message>
        <source>Reset to original</source>
        <translation>恢复为原始运行</translation>
    </message>
    <message>
        <source>Go to where it acts</source>
        <translation>转到其作用处</translation>
    </message>
    <message>
        <source>Take it away</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>the original</source>
        <translation>原始运行</translation>
    </message>
    <message>
        <source>branch “{name}”</source>
        <translation>分支“{name}”</translation>
    </message>
    <message>
        <source>A click on the first line goes to that step</source>
        <translation>单击第一行，转到该时间步</translation>
    </message>
</context>
<context>
    <name>EquationTexts</name>
    <message>
        <source>{symbol} is held at {number} by hand; the formula says what it would be otherwise.</source>
        <translation>{symbol} 已手动固定为 {number}；公式给出的是未固定时的值。</translation>
    </message>
    <message>
        <source>{symbol} was recorded as {number}, further off than rounding: it was set by hand.</source>
        <translation>录制得到的 {symbol} 是 {number}，相差超出舍入误差：它是手动设定的。</translation>
    </message>
    <message>
        <source>{symbol} is the h of layer {number} at this step.</source>
        <translation>{symbol} 是第 {number} 层在这一时间步的 h。</translation>
    </message>
    <message>
        <source>{symbol} is the state before the first step.</source>
        <translation>{symbol} 是第一个时间步之前的状态。</translation>
    </message>
    <message>
        <source>{symbol} is the sum of the other {number} products.</source>
        <translation>{symbol} 是其余 {number} 个乘积之和。</translation>
    </message>
    <message>
        <source>Rounded for display: as shown, line {line} makes {number}.</source>
        <translation>显示时经过舍入：按所示数字，第 {line} 行得 {number}。</translation>
    </message>
    <message>
        <source>Computed in {symbol}; without its rounding line {line} makes {number}.</source>
        <translation>以 {symbol} 计算；若不计其舍入，第 {line} 行得 {number}。</translation>
    </message>
    <message>
        <source>{symbol} is the h of layer {number} at this step, of both directions side by side.</source>
        <translation>{symbol} 是第 {number} 层在这一时间步的 h，两个方向并排。</translation>
    </message>
    <message>
        <source>The projection leaves h only the units 0 … {last}. Unit {unit} of C goes into each of them.</source>
        <translation>投影后 h 只有单元 0 … {last}。C 的单元 {unit} 进入其中每一个。</translation>
    </message>
    <message>
        <source>Batch element {batch} has no step {t}.</source>
        <translation>样本 {batch} 没有时间步 {t}。</translation>
    </message>
    <message>
        <source>Not computed yet.</source>
        <translation>尚未计算。</translation>
    </message>
    <message>
        <source>{symbol} is not computed yet</source>
        <translation>{symbol} 尚未计算</translation>
    </message>
    <message>
        <source>Click (Enter) folds its products away.</source>
        <translation>单击（回车）收起其各个乘积。</translation>
    </message>
    <message>
        <source>Click (Enter) writes out its products.</source>
        <translation>单击（回车）展开为各个乘积。</translation>
    </message>
    <message>
        <source>Click (Enter) shows {symbol}.</source>
        <translation>单击（回车）显示 {symbol}。</translation>
    </message>
</context>
<context>
    <name>EquationsView</name>
    <message>
        <source>Quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>Whose equation is shown; the selected quantity of all panels</source>
        <translation>显示哪个量的公式；即所有面板中选定的量</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>The selected unit of all panels</source>
        <translation>所有面板中选定的单元</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>小数位数</translation>
    </message>
    <message>
        <source>How many digits are shown after the point; ≈ stands before rounded numbers</source>
        <translation>小数点后显示几位；经过舍入的数前面是 ≈</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Copy the equation with its numbers as plain text</source>
        <translation>把公式连同数值复制为纯文本</translation>
    </message>
    <message>
        <source>Copy as LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
    <message>
        <source>Copy the equation with its numbers as LaTeX</source>
        <translation>把公式连同数值复制为 LaTeX</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy the equation with its numbers as Markdown</source>
        <translation>把公式连同数值复制为 Markdown</translation>
    </message>
    <message>
        <source>Equation with its numbers</source>
        <translation>公式及其数值</translation>
    </message>
</context>
<context>
    <name>ExamplePage</name>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
</context>
<context>
    <name>ExamplesMenu</name>
    <message>
        <source>&amp;Examples</source>
        <translation>示例(&amp;E)</translation>
    </message>
</context>
<context>
    <name>ExpressionDelegate</name>
    <message>
        <source>Expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>Enter takes it, Esc leaves it as it was</source>
        <translation>按回车采用，按 Esc 保持原样</translation>
    </message>
</context>
<context>
    <name>FilePage</name>
    <message>
        <source>a file with one row a step: {endings}</source>
        <translation>每行一个时间步的文件：{endings}</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Enter reads it.</source>
        <translation>按 Enter 读取。</translation>
    </message>
    <message>
        <source>Open a sequence</source>
        <translation>打开序列</translation>
    </message>
    <message>
        <source>Read: {shape}</source>
        <translation>已读取：{shape}</translation>
    </message>
</context>
<context>
    <name>GateWeights</name>
    <message>
        <source>Whose weights are shown</source>
        <translation>显示哪个门的权重</translation>
    </message>
    <message>
        <source>W multiplies x_t, U multiplies h_(t-1), and two biases are added</source>
        <translation>W 乘 x_t，U 乘 h_(t-1)，再加上两个偏置</translation>
    </message>
    <message>
        <source>Weights of the gate</source>
        <translation>该门的权重</translation>
    </message>
    <message>
        <source>Double click a number, or F2, to compute with another one</source>
        <translation>双击一个数（或按 F2），改用另一个数计算</translation>
    </message>
    <message>
        <source>Compute with another number…</source>
        <translation>用另一个数计算…</translation>
    </message>
    <message>
        <source>{symbol} {shape} = {name}</source>
        <translation>{symbol} {shape} = {name}</translation>
    </message>
    <message>
        <source>{symbol} {shape} = {name}[{start}:{stop}] of {packed}; torch calls it {letter}</source>
        <translation>{symbol} {shape} = {name}[{start}:{stop}]（整体形状 {packed}）；torch 记作 {letter}</translation>
    </message>
</context>
<context>
    <name>GatesView</name>
    <message>
        <source>&amp;Layer</source>
        <translation>层(&amp;L)</translation>
    </message>
    <message>
        <source>D&amp;irection</source>
        <translation>方向(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Batch element</source>
        <translation>样本(&amp;B)</translation>
    </message>
    <message>
        <source>Sho&amp;w as</source>
        <translation>显示方式(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Units</source>
        <translation>单元(&amp;U)</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>正向</translation>
    </message>
    <message>
        <source>reverse</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>lines</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>heat map</source>
        <translation>热力图</translation>
    </message>
    <message>
        <source>Which layer is shown, counted from 0 (Alt+L)</source>
        <translation>显示哪一层，从 0 数起（Alt+L）</translation>
    </message>
    <message>
        <source>The reverse direction runs from the last step to step 0, so its final state is at t = 0 (Alt+I)</source>
        <translation>反向从最后一个时间步运行到第 0 步，因此它的最终状态在 t = 0 处（Alt+I）</translation>
    </message>
    <message>
        <source>Which element of the batch is shown, counted from 0 (Alt+B)</source>
        <translation>显示批次中的哪个样本，从 0 数起（Alt+B）</translation>
    </message>
    <message>
        <source>Automatic draws lines up to 32 units and a heat map above (Alt+W)</source>
        <translation>“自动”在不超过 32 个单元时画曲线，更多时画热力图（Alt+W）</translation>
    </message>
    <message>
        <source>Tick the units to show; the selected one is drawn on top (Alt+U, Space)</source>
        <translation>勾选要显示的单元；选中的单元画在最上面（Alt+U、空格）</translation>
    </message>
    <message>
        <source>Units shown</source>
        <translation>显示的单元</translation>
    </message>
    <message>
        <source>Copy the numbers of all steps</source>
        <translation>复制所有时间步的数值</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>保存图片…</translation>
    </message>
    <message>
        <source>Select unit {unit}</source>
        <translation>选择单元 {unit}</translation>
    </message>
    <message>
        <source>Show only unit {unit}</source>
        <translation>只显示单元 {unit}</translation>
    </message>
    <message>
        <source>Go to t = {t}</source>
        <translation>转到 t = {t}</translation>
    </message>
    <message>
        <source>token</source>
        <translation>词元</translation>
    </message>
</context>
<context>
    <name>HalfLifeBars</name>
    <message>
        <source>unit {unit}: half-life {steps} steps</source>
        <translation>单元 {unit}：半衰期 {steps} 步</translation>
    </message>
</context>
<context>
    <name>HalfLifeText</name>
    <message>
        <source>{name} forgets nothing in the whole run.</source>
        <translation>{name} 在整个运行中什么都不遗忘。</translation>
    </message>
    <message>
        <source>{name}: half-life 0 steps, since some step of the run forgets everything.</source>
        <translation>{name}：半衰期 0 步，因为某个时间步遗忘了一切。</translation>
    </message>
    <message>
        <source>{name}: half-life {steps} steps (whole run).</source>
        <translation>{name}：半衰期 {steps} 步（整个运行）。</translation>
    </message>
    <message>
        <source>Of {name} at t = {t}, more than half is left at the end (whole run).</source>
        <translation>t = {t} 时的 {name} 到最后还剩一半以上（整个运行）。</translation>
    </message>
    <message>
        <source>Of {name} at t = {t}, half is gone by t = {gone} (whole run).</source>
        <translation>t = {t} 时的 {name} 到 t = {gone} 时只剩一半或更少（整个运行）。</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Plots</source>
        <translation>曲线图</translation>
    </message>
    <message>
        <source>Help: {page}</source>
        <translation>帮助：{page}</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>后退(&amp;B)</translation>
    </message>
    <message>
        <source>The page before (Alt+Left)</source>
        <translation>上一页（Alt+左方向键）</translation>
    </message>
    <message>
        <source>&amp;Forward</source>
        <translation>前进(&amp;F)</translation>
    </message>
    <message>
        <source>The page that was gone back from (Alt+Right)</source>
        <translation>后退之前的那一页（Alt+右方向键）</translation>
    </message>
    <message>
        <source>Pages of the help</source>
        <translation>帮助的页面</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>HistogramPage</name>
    <message>
        <source>Histograms of the gate&apos;s weights</source>
        <translation>该门权重的直方图</translation>
    </message>
    <message>
        <source>{count} numbers</source>
        <translation>{count} 个数</translation>
    </message>
    <message>
        <source>, {odd} not finite</source>
        <translation>，其中 {odd} 个不是有限数</translation>
    </message>
    <message>
        <source>mean {mean}   std {std}</source>
        <translation>均值 {mean}   标准差 {std}</translation>
    </message>
    <message>
        <source>min {low}   max {high}</source>
        <translation>最小 {low}   最大 {high}</translation>
    </message>
    <message>
        <source>┆ ±1/√H = ±{bound}: PyTorch&apos;s initial range</source>
        <translation>┆ ±1/√H = ±{bound}：PyTorch 的初始范围</translation>
    </message>
    <message>
        <source>The dashed lines are at ±1/√H = ±{bound}: PyTorch draws every weight and bias evenly from between them; numbers beyond them are not its first ones</source>
        <translation>虚线在 ±1/√H = ±{bound}：PyTorch 在两者之间均匀地抽取每个权重和偏置；超出此范围的数不是最初抽取的</translation>
    </message>
</context>
<context>
    <name>HoldForm</name>
    <message>
        <source>Quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>element {batch}</source>
        <translation>样本 {batch}</translation>
    </message>
    <message>
        <source>all elements</source>
        <translation>所有样本</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>unit {unit}</source>
        <translation>单元 {unit}</translation>
    </message>
    <message>
        <source>all units</source>
        <translation>所有单元</translation>
    </message>
    <message>
        <source>these units</source>
        <translation>这些单元</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Numbers of the units</source>
        <translation>单元的编号</translation>
    </message>
    <message>
        <source>Numbers and ranges of units, such as 0, 2-4</source>
        <translation>单元的编号和范围，例如 0, 2-4</translation>
    </message>
    <message>
        <source>step t = {t}</source>
        <translation>时间步 t = {t}</translation>
    </message>
    <message>
        <source>some steps</source>
        <translation>若干时间步</translation>
    </message>
    <message>
        <source>the whole run</source>
        <translation>整个运行</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>时间步</translation>
    </message>
    <message>
        <source>First step</source>
        <translation>第一个时间步</translation>
    </message>
    <message>
        <source>Last step</source>
        <translation>最后一个时间步</translation>
    </message>
    <message>
        <source>from t =</source>
        <translation>从 t =</translation>
    </message>
    <message>
        <source>to t =</source>
        <translation>到 t =</translation>
    </message>
    <message>
        <source>Units are numbers from 0 to {last} and ranges such as 2-4, but here is {text}.</source>
        <translation>单元用 0 到 {last} 的编号和 2-4 这样的范围表示，而这里是 {text}。</translation>
    </message>
</context>
<context>
    <name>InputForm</name>
    <message>
        <source>Column of x</source>
        <translation>x 的列</translation>
    </message>
</context>
<context>
    <name>InspectorView</name>
    <message>
        <source>S&amp;tep</source>
        <translation>时间步(&amp;T)</translation>
    </message>
    <message>
        <source>Wei&amp;ghts</source>
        <translation>权重(&amp;G)</translation>
    </message>
    <message>
        <source>unit</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Numbers of this step</source>
        <translation>当前时间步的数值</translation>
    </message>
    <message>
        <source>A row for each unit; select one to bring it to the front in all views. Double click a number, or F2, to hold it at another value at this step</source>
        <translation>每个单元一行；选中一行，让该单元在所有视图中显示在最前面。双击一个数（或按 F2），可在当前时间步把它固定为另一个值</translation>
    </message>
    <message>
        <source>&amp;Pre-activations z</source>
        <translation>预激活值 z(&amp;P)</translation>
    </message>
    <message>
        <source>Also show what goes into each gate&apos;s nonlinearity (Alt+P)</source>
        <translation>同时显示送入各门非线性函数的值（Alt+P）</translation>
    </message>
    <message>
        <source>Hold at another value…</source>
        <translation>固定为另一个值…</translation>
    </message>
    <message>
        <source>Let go of the held value</source>
        <translation>取消固定</translation>
    </message>
    <message>
        <source>layer {layer}</source>
        <translation>层 {layer}</translation>
    </message>
    <message>
        <source>batch element {batch}</source>
        <translation>样本 {batch}</translation>
    </message>
    <message>
        <source>it has only {steps} steps</source>
        <translation>它只有 {steps} 个时间步</translation>
    </message>
    <message>
        <source>Reverse runs from t = {last} down to 0. Its last state is the one at t = 0, so h_n[{index}] equals output at t = 0, columns {start} to {stop}.</source>
        <translation>反向从 t = {last} 运行到 0，最后的状态就是 t = 0 处的状态，因此 h_n[{index}] 等于 output 在 t = 0 处的第 {start} 至 {stop} 列。</translation>
    </message>
    <message>
        <source>Reverse runs from t = {last} down to 0, so its last state is the one at t = 0.</source>
        <translation>反向从 t = {last} 运行到 0，因此最后的状态就是 t = 0 处的状态。</translation>
    </message>
    <message>
        <source>h has {units} units: it is projected, h = W_hr (o * tanh C).</source>
        <translation>h 有 {units} 个单元：它经过投影，h = W_hr (o * tanh C)。</translation>
    </message>
</context>
<context>
    <name>JobBar</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop this work; everything stays as it was</source>
        <translation>停止这项工作；一切保持原样</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Search, such as: step, or Ctrl+</source>
        <translation>搜索，例如：单步，或 Ctrl+</translation>
    </message>
    <message>
        <source>Search the keys</source>
        <translation>搜索快捷键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Nothing has this in its name, its keys or its description.</source>
        <translation>没有哪个操作的名称、快捷键或说明中含有它。</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>作用</translation>
    </message>
</context>
<context>
    <name>LabelFields</name>
    <message>
        <source>Targets</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>The right class of each step, or of the last one alone; Enter takes it, empty takes it away</source>
        <translation>每个时间步的正确类别，也可以只写最后一步的；按 Enter 生效，留空则去掉</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>What the classes are called: a character each, or names with commas between; Enter takes it</source>
        <translation>各类别的名称：每类一个字符，或用逗号分隔的名称；按 Enter 生效</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>条形</translation>
    </message>
    <message>
        <source>Probabilities are the softmax of the scores, which are what the Linear computes</source>
        <translation>概率是得分的 softmax；得分就是 Linear 算出的数</translation>
    </message>
    <message>
        <source>┃ in the run it is held against</source>
        <translation>┃ 对照的运行中</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>scores</source>
        <translation>得分</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>— new run —</source>
        <translation>— 新的运行 —</translation>
    </message>
    <message>
        <source>layer {layer}</source>
        <translation>层 {layer}</translation>
    </message>
    <message>
        <source>batch {batch}</source>
        <translation>样本 {batch}</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Click a line to go to its moment (Enter); Ctrl+C copies the selected lines</source>
        <translation>单击一行，转到写下它的时刻（回车）；按 Ctrl+C 复制选中的行</translation>
    </message>
    <message>
        <source>Nothing logged yet. A breakpoint with a message, such as “{example}”, writes a line here instead of stopping.</source>
        <translation>还没有日志。带有日志消息（例如“{example}”）的断点不会停下，而是在这里写一行。</translation>
    </message>
    <message>
        <source>Copy lines</source>
        <translation>复制行</translation>
    </message>
    <message>
        <source>Copy the selected lines (Ctrl+C)</source>
        <translation>复制选中的行（Ctrl+C）</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Remove all lines</source>
        <translation>删除所有行</translation>
    </message>
    <message>
        <source>Go to its moment</source>
        <translation>转到当时的时间步</translation>
    </message>
    <message>
        <source>1 line</source>
        <translation>1 行</translation>
    </message>
    <message>
        <source>{count} lines</source>
        <translation>{count} 行</translation>
    </message>
    <message>
        <source>{count} earlier ones left out</source>
        <translation>更早的 {count} 行已略去</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Sequence</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Where am I</source>
        <translation>当前位置</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Breakpoints</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>Watches</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>假设分析</translation>
    </message>
    <message>
        <source>Where from</source>
        <translation>来源分解</translation>
    </message>
    <message>
        <source>Cell diagram</source>
        <translation>LSTM 结构图</translation>
    </message>
    <message>
        <source>Equations</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
</context>
<context>
    <name>MapCard</name>
    <message>
        <source>{symbol} over time, {title}</source>
        <translation>{symbol}（{title}）随时间的变化</translation>
    </message>
</context>
<context>
    <name>MemoryView</name>
    <message>
        <source>Save picture…</source>
        <translation>保存图片…</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>How often each gate is open or closed (Up and Down turn the pages)</source>
        <translation>每个门打开或关闭的时间比例（上下键翻页）</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>随时间变化</translation>
    </message>
    <message>
        <source>Heat maps of the memory, and half-lives (Up and Down turn the pages)</source>
        <translation>记忆的热力图与半衰期（上下键翻页）</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>The sequence coloured by one unit (Up and Down turn the pages)</source>
        <translation>按一个单元着色的序列（上下键翻页）</translation>
    </message>
    <message>
        <source>Pages of the memory</source>
        <translation>记忆面板的页面</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation>单步(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>B&amp;reakpoints</source>
        <translation>断点(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>L&amp;anguage</source>
        <translation>语言(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>面板(&amp;P)</translation>
    </message>
    <message>
        <source>Lay&amp;out</source>
        <translation>布局(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Arithmetic</source>
        <translation>运算精度(&amp;A)</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Teach</source>
        <translation>教学(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Debug</source>
        <translation>调试(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>比较(&amp;C)</translation>
    </message>
    <message>
        <source>Layout: {name}</source>
        <translation>布局：{name}</translation>
    </message>
    <message>
        <source>Theme: {name}</source>
        <translation>主题：{name}</translation>
    </message>
    <message>
        <source>Language: {name}</source>
        <translation>语言：{name}</translation>
    </message>
    <message>
        <source>Show or hide the panel {name}</source>
        <translation>显示或隐藏“{name}”面板</translation>
    </message>
    <message>
        <source>&amp;IEEE float32</source>
        <translation>IEEE float32(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;TF32</source>
        <translation>TF32(&amp;T)</translation>
    </message>
    <message>
        <source>Arithmetic: {name}</source>
        <translation>运算精度：{name}</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Name of the branch</source>
        <translation>分支的名称</translation>
    </message>
    <message>
        <source>New branch</source>
        <translation>新建分支</translation>
    </message>
    <message>
        <source>Rename the branch</source>
        <translation>重命名分支</translation>
    </message>
</context>
<context>
    <name>NetworkDialog</name>
    <message>
        <source>New network</source>
        <translation>新建网络</translation>
    </message>
    <message>
        <source>Which module of PyTorch; the cells are fed one step at a time (Alt+M)</source>
        <translation>使用 PyTorch 的哪个模块；名称带 Cell 的模块每次只接收一个时间步（Alt+M）</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Paste a line of PyTorch; it is read, never run, and fills in the fields below</source>
        <translation>粘贴一行 PyTorch 代码；只解析，绝不执行，并据此填写下面各项</translation>
    </message>
    <message>
        <source>torch.manual_seed before the network is made: the same seed, the same weights</source>
        <translation>随机种子，即创建网络之前的 torch.manual_seed：种子相同，权重就相同</translation>
    </message>
    <message>
        <source>The network&apos;s parameters</source>
        <translation>网络的参数</translation>
    </message>
    <message>
        <source>&amp;PyTorch line</source>
        <translation>PyTorch 代码(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Module</source>
        <translation>模块(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Weights</source>
        <translation>权重(&amp;W)</translation>
    </message>
    <message>
        <source>The seed is {seed}, too large for this field; it stays unless you change the field.</source>
        <translation>随机种子是 {seed}，超出此输入框的范围；不改动此框，种子就保持不变。</translation>
    </message>
    <message>
        <source>0 … 1 with at most {count} decimals</source>
        <translation>0 … 1，小数位数不超过 {count} 位</translation>
    </message>
    <message>
        <source>{count} parameters, {bytes} bytes</source>
        <translation>{count} 个参数，{bytes} 字节</translation>
    </message>
</context>
<context>
    <name>NoteFields</name>
    <message>
        <source>Session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Your note on this step</source>
        <translation>对这一步的笔记</translation>
    </message>
    <message>
        <source>Your notes on the whole session</source>
        <translation>对整个会话的笔记</translation>
    </message>
    <message>
        <source>Kept with the session</source>
        <translation>随会话一起保存</translation>
    </message>
</context>
<context>
    <name>NotesView</name>
    <message>
        <source>What to look for</source>
        <translation>观察要点</translation>
    </message>
    <message>
        <source>Your own network and sequence. Step with F10 and watch the plots.</source>
        <translation>这是你自己的网络和序列。按 F10 单步运行，观察各幅图。</translation>
    </message>
</context>
<context>
    <name>NumbersEdit</name>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>0 to {last}, such as {example}</source>
        <translation>0 到 {last}，例如 {example}</translation>
    </message>
</context>
<context>
    <name>NumbersPage</name>
    <message>
        <source>&amp;Batch element</source>
        <translation>样本(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Paste from spreadsheet</source>
        <translation>从电子表格粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Replace the table with what was copied (Ctrl+V in the table)</source>
        <translation>用复制的内容替换整个表格（在表格中按 Ctrl+V）</translation>
    </message>
    <message>
        <source>Numbers of the sequence, a row for each step</source>
        <translation>序列的数值，每个时间步一行</translation>
    </message>
    <message>
        <source>&amp;Steps</source>
        <translation>时间步数(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Numbers a step</source>
        <translation>每步数值个数(&amp;N)</translation>
    </message>
</context>
<context>
    <name>OriginsView</name>
    <message>
        <source>&amp;Quantity</source>
        <translation>量(&amp;Q)</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>What is taken apart, of the selected unit at the current step (Alt+Q)</source>
        <translation>分解选中单元在当前时间步的哪个量（Alt+Q）</translation>
    </message>
    <message>
        <source>All steps</source>
        <translation>所有时间步</translation>
    </message>
    <message>
        <source>Otherwise only those that 99 % of the bars&apos; height comes from</source>
        <translation>不勾选时，只显示合占总柱高 99 % 的时间步</translation>
    </message>
    <message>
        <source>{symbol}  what wrote it</source>
        <translation>{symbol}  由何写入</translation>
    </message>
    <message>
        <source>{symbol}  terms of {z}</source>
        <translation>{symbol}  {z} 的各项</translation>
    </message>
    <message>
        <source>{outline} written  {solid} left</source>
        <translation>{outline} 写入  {solid} 剩余</translation>
    </message>
    <message>
        <source>{symbol} of this step is not computed yet (F11 goes on, Shift+F11 finishes the cell).</source>
        <translation>这一步的 {symbol} 还没有算出（F11 继续，Shift+F11 完成该细胞）。</translation>
    </message>
</context>
<context>
    <name>OverTimePage</name>
    <message>
        <source>half-life, steps</source>
        <translation>半衰期（步）</translation>
    </message>
    <message>
        <source>After how many steps half of a memory is left, with what the unit typically keeps (whole run)</source>
        <translation>按该单元通常保留的比例（整个运行），记忆经过多少个时间步剩下一半</translation>
    </message>
    <message>
        <source>Half-life of each unit</source>
        <translation>每个单元的半衰期</translation>
    </message>
    <message>
        <source>Show fewer steps (Ctrl+wheel, or + in a map)</source>
        <translation>显示较少的时间步（Ctrl+滚轮，或在热力图中按 +）</translation>
    </message>
    <message>
        <source>Show more steps (Ctrl+wheel, or - in a map)</source>
        <translation>显示较多的时间步（Ctrl+滚轮，或在热力图中按 -）</translation>
    </message>
    <message>
        <source>Show the whole run (double click, or 0 in a map)</source>
        <translation>显示整个运行（双击，或在热力图中按 0）</translation>
    </message>
    <message>
        <source>Steps in view</source>
        <translation>显示的时间步</translation>
    </message>
    <message>
        <source>all {steps} steps</source>
        <translation>全部 {steps} 个时间步</translation>
    </message>
    <message>
        <source>the only step</source>
        <translation>仅有的 1 个时间步</translation>
    </message>
    <message>
        <source>steps {first} to {last} of {steps}</source>
        <translation>第 {first} 到 {last} 步，共 {steps} 步</translation>
    </message>
</context>
<context>
    <name>PanelDock</name>
    <message>
        <source>What this panel shows, how it is computed, and what to try (Ctrl+F1)</source>
        <translation>这个面板显示什么、怎样计算、可以试什么（Ctrl+F1）</translation>
    </message>
    <message>
        <source>Help on {panel}</source>
        <translation>“{panel}”的帮助</translation>
    </message>
</context>
<context>
    <name>PredictionsView</name>
    <message>
        <source>Go there</source>
        <translation>转到那里</translation>
    </message>
    <message>
        <source>Go to where h of the top layer is computed at this step</source>
        <translation>转到这一步最上层的 h 算出的地方</translation>
    </message>
    <message>
        <source>Classes of this step</source>
        <translation>这一步的各个类别</translation>
    </message>
    <message>
        <source>class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>remark</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Predictions of all steps</source>
        <translation>所有时间步的预测</translation>
    </message>
    <message>
        <source>Click a step to go there (Left and Right while this has the focus)</source>
        <translation>点击一个时间步即可转到那里（此处有焦点时也可用左右方向键）</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>This network has no head: nothing that makes an answer of its output.

Open a checkpoint (Ctrl+O) that also holds an nn.Linear for {width} numbers, h of the top layer; then its prediction at each step is shown here.</source>
        <translation>这个网络没有输出层，无法把它的输出变成答案。

请打开一个检查点（Ctrl+O），其中还要有一个读取 {width} 个数（最上层的 h）的 nn.Linear；之后这里会显示每个时间步的预测。</translation>
    </message>
    <message>
        <source>This network has no head: nothing that makes an answer of its output.

Open a checkpoint (Ctrl+O) that also holds an nn.Linear for {width} numbers, h of the top layer in both directions; then its prediction at each step is shown here.</source>
        <translation>这个网络没有输出层，无法把它的输出变成答案。

请打开一个检查点（Ctrl+O），其中还要有一个读取 {width} 个数（最上层两个方向的 h）的 nn.Linear；之后这里会显示每个时间步的预测。</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)</translation>
    </message>
</context>
<context>
    <name>QuantityBox</name>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>ReadingChoice</name>
    <message>
        <source>choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>no difference: the sequence has no batch</source>
        <translation>没有区别：该序列没有批次</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>sequence</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>录制文件</translation>
    </message>
    <message>
        <source>session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Clear this list</source>
        <translation>清空此列表(&amp;C)</translation>
    </message>
    <message>
        <source>Forget which files were opened; the files stay</source>
        <translation>忘掉打开过哪些文件；文件本身保留</translation>
    </message>
    <message>
        <source>no longer there</source>
        <translation>已不存在</translation>
    </message>
</context>
<context>
    <name>RecordingDialog</name>
    <message>
        <source>Open recording</source>
        <translation>打开录制文件</translation>
    </message>
    <message>
        <source>Traces in the file</source>
        <translation>文件中的轨迹</translation>
    </message>
    <message>
        <source>The network of the trace</source>
        <translation>轨迹的网络</translation>
    </message>
    <message>
        <source>Reading {path}…</source>
        <translation>正在读取 {path}…</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Steps T</source>
        <translation>时间步数 T</translation>
    </message>
    <message>
        <source>Batch B</source>
        <translation>批次大小 B</translation>
    </message>
    <message>
        <source>(saved on its own)</source>
        <translation>（单独保存）</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Recover</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Gatescope ended before this was saved. It is as it was at most two seconds before.</source>
        <translation>Gatescope 在保存之前就结束了。以下内容最多只差结束前的两秒。</translation>
    </message>
    <message>
        <source>&amp;Later</source>
        <translation>稍后(&amp;L)</translation>
    </message>
    <message>
        <source>Leave it; it is offered again at the next start (Esc)</source>
        <translation>先保留；下次启动时再次提供（Esc）</translation>
    </message>
    <message>
        <source>Discard “{name}”? It cannot be brought back.</source>
        <translation>要丢弃“{name}”吗？丢弃后无法找回。</translation>
    </message>
</context>
<context>
    <name>SaturationCard</name>
    <message>
        <source>Saturation of {symbol}, {title}</source>
        <translation>{symbol}（{title}）的饱和度</translation>
    </message>
    <message>
        <source>all units</source>
        <translation>全部单元</translation>
    </message>
    <message>
        <source>, not a number {part}</source>
        <translation>，非数 {part}</translation>
    </message>
</context>
<context>
    <name>SaturationPage</name>
    <message>
        <source>A plain RNN has no gates that open and close: nothing here can be saturated.</source>
        <translation>普通 RNN 没有会打开和关闭的门，因此没有饱和度可言。</translation>
    </message>
    <message>
        <source>this batch element</source>
        <translation>当前样本</translation>
    </message>
    <message>
        <source>whole batch</source>
        <translation>整个批次</translation>
    </message>
    <message>
        <source>Batch elements that are counted</source>
        <translation>统计的样本</translation>
    </message>
    <message>
        <source>Which batch elements are counted</source>
        <translation>统计哪些样本</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>Whole run, {steps} steps; closed &lt; {low}, open &gt; {high}</source>
        <translation>整个运行，{steps} 个时间步；关闭 &lt; {low}，打开 &gt; {high}</translation>
    </message>
    <message>
        <source>Whole run, {steps} steps of {elements} elements; closed &lt; {low}, open &gt; {high}</source>
        <translation>整个运行，{elements} 个样本共 {steps} 个时间步；关闭 &lt; {low}，打开 &gt; {high}</translation>
    </message>
</context>
<context>
    <name>SaturationPlot</name>
    <message>
        <source>{units} and {count} more</source>
        <translation>{units} 等另外 {count} 个</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>{units}: closed {closed}, open {open}</source>
        <translation>{units}：关闭 {closed}，打开 {open}</translation>
    </message>
</context>
<context>
    <name>SequenceDialog</name>
    <message>
        <source>Sequence</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Example</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Initial state</source>
        <translation>初始状态</translation>
    </message>
    <message>
        <source>&amp;Read the batch as</source>
        <translation>批次读作(&amp;R)</translation>
    </message>
    <message>
        <source>Which axis of the array is the batch, and which is time; the network&apos;s weights stay (Alt+R)</source>
        <translation>数组的哪个轴是批次、哪个轴是时间；网络的权重保持不变（Alt+R）</translation>
    </message>
    <message>
        <source>Batch &amp;element shown</source>
        <translation>显示的样本(&amp;E)</translation>
    </message>
    <message>
        <source>Run this sequence (Ctrl+Return)</source>
        <translation>运行这个序列（Ctrl+回车）</translation>
    </message>
    <message>
        <source>new weights from seed {seed}</source>
        <translation>用随机种子 {seed} 重新生成权重</translation>
    </message>
    <message>
        <source>new weights from seed {seed} replace those of {weights}</source>
        <translation>用随机种子 {seed} 的新权重替换 {weights} 的权重</translation>
    </message>
    <message>
        <source>Make the network &amp;fit: input_size = {width}, {weights}</source>
        <translation>让网络与序列匹配：input_size = {width}，{weights}(&amp;F)</translation>
    </message>
    <message>
        <source>{steps} steps of {width} numbers</source>
        <translation>{steps} 个时间步，每步 {width} 个数</translation>
    </message>
    <message>
        <source>{steps} steps of {width} numbers, batch of {batch}</source>
        <translation>{steps} 个时间步，每步 {width} 个数，批次大小 {batch}</translation>
    </message>
    <message>
        <source>{page} is left out: {problem}</source>
        <translation>未采用“{page}”：{problem}</translation>
    </message>
    <message>
        <source>The sequence has NaN or infinity; from there on nothing can be compared with {module}.</source>
        <translation>序列中有 NaN 或无穷大；从那里起无法再与 {module} 比较。</translation>
    </message>
</context>
<context>
    <name>SequenceView</name>
    <message>
        <source>token</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Steps of the sequence</source>
        <translation>序列的时间步</translation>
    </message>
    <message>
        <source>Click a step to go there (Up and Down while the list has the focus). Double click its token or its numbers, or F2, to feed others</source>
        <translation>单击一个时间步，转到那里（焦点在列表中时用上、下方向键）。双击它的词元或数值（或按 F2），可改为别的输入</translation>
    </message>
    <message>
        <source>{steps} tokens of {width} numbers, batch of {batch}</source>
        <translation>{steps} 个词元，每个 {width} 个数，批次大小 {batch}</translation>
    </message>
    <message>
        <source>{steps} tokens of {width} numbers, no batch</source>
        <translation>{steps} 个词元，每个 {width} 个数，无批次</translation>
    </message>
    <message>
        <source>{steps} steps of {width} numbers, batch of {batch}</source>
        <translation>{steps} 个时间步，每步 {width} 个数，批次大小 {batch}</translation>
    </message>
    <message>
        <source>{steps} steps of {width} numbers, no batch</source>
        <translation>{steps} 个时间步，每步 {width} 个数，无批次</translation>
    </message>
    <message>
        <source>x is {axes} = {shape}. Sequence (Ctrl+E) reads a batch the other way, and the weights stay.</source>
        <translation>x 的形状为 {axes} = {shape}。在“序列”（Ctrl+E）中可以用另一种方式读取批次，权重保持不变。</translation>
    </message>
    <message>
        <source>Go to t = {t}</source>
        <translation>转到 t = {t}</translation>
    </message>
    <message>
        <source>Edit token…</source>
        <translation>编辑词元…</translation>
    </message>
    <message>
        <source>Edit numbers…</source>
        <translation>编辑数值…</translation>
    </message>
</context>
<context>
    <name>SessionFiles</name>
    <message>
        <source>copy of {name}</source>
        <translation>{name} 的副本</translation>
    </message>
    <message>
        <source>Session (*.gatescope)</source>
        <translation>会话 (*.gatescope)</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
</context>
<context>
    <name>SessionQuestions</name>
    <message>
        <source>Save the changes to “{name}”?</source>
        <translation>要保存对“{name}”的更改吗？</translation>
    </message>
    <message>
        <source>Without it they are lost.</source>
        <translation>不保存的话，这些更改将会丢失。</translation>
    </message>
    <message>
        <source>{path} was changed by another program since it was opened or saved here.</source>
        <translation>{path} 在此打开或保存之后，被其他程序更改过。</translation>
    </message>
    <message>
        <source>Replacing it loses what was changed there.</source>
        <translation>替换它会丢失那里的更改。</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Replace it</source>
        <translation>替换(&amp;R)</translation>
    </message>
    <message>
        <source>A copy has no name until you save it. The file stays with the other window.</source>
        <translation>副本在保存之前没有名称。原文件仍属于另一个窗口。</translation>
    </message>
    <message>
        <source>Open a &amp;copy</source>
        <translation>打开副本(&amp;C)</translation>
    </message>
    <message>
        <source>Choose another name, or close it there first.</source>
        <translation>请换一个名称，或先在那个窗口中关闭它。</translation>
    </message>
    <message>
        <source>The session keeps a reference to the recording, not a copy of it.</source>
        <translation>会话保存的是对录制文件的引用，而不是它的副本。</translation>
    </message>
    <message>
        <source>&amp;Find the recording…</source>
        <translation>查找录制文件(&amp;F)…</translation>
    </message>
    <message>
        <source>{path} is open in another window.</source>
        <translation>{path} 已在另一个窗口中打开。</translation>
    </message>
</context>
<context>
    <name>SessionReader</name>
    <message>
        <source>Find the recording</source>
        <translation>查找录制文件</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Build a network</source>
        <translation>搭建网络</translation>
    </message>
    <message>
        <source>Choose LSTM, GRU or RNN and its arguments, or paste the line from your code. PyTorch sets the weights from a seed.</source>
        <translation>选择 LSTM、GRU 或 RNN 及其参数，或粘贴代码中的那一行。PyTorch 按随机种子设定权重。</translation>
    </message>
    <message>
        <source>Open my model</source>
        <translation>打开我的模型</translation>
    </message>
    <message>
        <source>A checkpoint with trained weights: {endings}. Nothing in it is executed.</source>
        <translation>含有已训练权重的检查点：{endings}。其中的任何内容都不会被执行。</translation>
    </message>
    <message>
        <source>&amp;Copy these lines</source>
        <translation>复制这几行(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Open the recording…</source>
        <translation>打开录制文件(&amp;O)…</translation>
    </message>
    <message>
        <source>{count} numbers</source>
        <translation>{count} 个数</translation>
    </message>
    <message>
        <source>&amp;Copied</source>
        <translation>已复制(&amp;C)</translation>
    </message>
    <message>
        <source>Step through a recurrent network, gate by gate, checked against PyTorch at every step.</source>
        <translation>逐门单步调试循环网络，每一步都与 PyTorch 核对。</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>用自己的</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Close it to step through what is open. File &gt; Start page brings it back.</source>
        <translation>关闭后即可单步调试已打开的内容。从“文件 &gt; 开始页”可再次打开本页。</translation>
    </message>
    <message>
        <source>Record my training</source>
        <translation>录制我的训练</translation>
    </message>
    <message>
        <source>Put these lines around your training; it computes what it would without them.</source>
        <translation>把这几行加在训练代码外面；计算结果与不加时完全相同。</translation>
    </message>
</context>
<context>
    <name>StateEditor</name>
    <message>
        <source>Zeros</source>
        <translation>全零</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Set all of {name} to zero</source>
        <translation>把 {name} 全部设为零</translation>
    </message>
    <message>
        <source>Read {name} from a file: {endings}</source>
        <translation>从文件读取 {name}：{endings}</translation>
    </message>
    <message>
        <source>{name} is zero now: what was given has the shape {shape}, and comes back with it</source>
        <translation>{name} 现在为零：原先给出的形状是 {shape}，恢复该形状时会再次采用</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>打开 {name}</translation>
    </message>
</context>
<context>
    <name>StateForm</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单元</translation>
    </message>
</context>
<context>
    <name>StatePage</name>
    <message>
        <source>A row for each layer and direction. Ctrl+V pastes from a spreadsheet.</source>
        <translation>每层、每个方向各占一行。按 Ctrl+V 可从电子表格粘贴。</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Computing…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>Wrote {path}</source>
        <translation>已写入 {path}</translation>
    </message>
    <message>
        <source>Loading PyTorch…</source>
        <translation>正在加载 PyTorch…</translation>
    </message>
    <message>
        <source>Measuring drift…</source>
        <translation>正在测量漂移…</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Looking for breakpoints…</source>
        <translation>正在查找断点…</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>正在导出…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Where the run stands: step, phase, layer and direction</source>
        <translation>运行所在的位置：时间步、阶段、层和方向</translation>
    </message>
    <message>
        <source>This run is kept. Run something else, and compare it with the kept run (Ctrl+Shift+M).</source>
        <translation>已保留本次运行。再运行别的网络或序列，即可与保留的运行比较（Ctrl+Shift+M）。</translation>
    </message>
    <message>
        <source>Stopped at: {what}</source>
        <translation>断点命中：{what}</translation>
    </message>
    <message>
        <source>No further breakpoint: the run has ended</source>
        <translation>后面没有断点了：运行已结束</translation>
    </message>
    <message>
        <source>No breakpoint before this: the run is at its beginning</source>
        <translation>前面没有断点了：已回到运行的开头</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>input x_t</source>
        <translation>输入 x_t</translation>
    </message>
    <message>
        <source>pre-activations z</source>
        <translation>预激活值 z</translation>
    </message>
    <message>
        <source>layer {layer}</source>
        <translation>层 {layer}</translation>
    </message>
    <message>
        <source>1 edit: {edits}</source>
        <translation>1 处修改：{edits}</translation>
    </message>
    <message>
        <source>{count} edits: {edits}</source>
        <translation>{count} 处修改：{edits}</translation>
    </message>
</context>
<context>
    <name>StepAxis</name>
    <message>
        <source>token</source>
        <translation>词元</translation>
    </message>
</context>
<context>
    <name>TermsPage</name>
    <message>
        <source>term</source>
        <translation>项</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>product</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>Terms of the pre-activation</source>
        <translation>预激活的各项</translation>
    </message>
    <message>
        <source>Double-click a weight to try another (F2), or an input (Shift+F2)</source>
        <translation>双击权重（F2）或输入（Shift+F2），可试用另一个值</translation>
    </message>
    <message>
        <source>Try another weight…</source>
        <translation>试用另一个权重…</translation>
    </message>
    <message>
        <source>Try another input…</source>
        <translation>试用另一个输入…</translation>
    </message>
    <message>
        <source>sum of the terms = {total}</source>
        <translation>各项之和 = {total}</translation>
    </message>
    <message>
        <source>{gate} is held at {value}</source>
        <translation>{gate} 固定为 {value}</translation>
    </message>
</context>
<context>
    <name>TextDelegate</name>
    <message>
        <source>New value</source>
        <translation>新的值</translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message>
        <source>Each character is one step. Left empty, the vocabulary is the sorted set of characters.</source>
        <translation>每个字符是一个时间步，按词表编码为独热向量。词表留空时，取文本中出现的全部字符并排序。</translation>
    </message>
    <message>
        <source>From the te&amp;xt</source>
        <translation>取自文本(&amp;X)</translation>
    </message>
    <message>
        <source>Empty the vocabulary, so that it becomes the sorted set of the text&apos;s characters</source>
        <translation>清空词表，改用文本中所有字符排序后的集合</translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation>文本(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Vocabulary</source>
        <translation>词表(&amp;V)</translation>
    </message>
</context>
<context>
    <name>TokenDelegate</name>
    <message>
        <source>New token</source>
        <translation>新的词元</translation>
    </message>
</context>
<context>
    <name>TokenForm</name>
    <message>
        <source>Token</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Batch element {batch} has no step with this token; choose one of {tokens}.</source>
        <translation>样本 {batch} 中没有哪个时间步是这个词元；请从 {tokens} 中选择。</translation>
    </message>
</context>
<context>
    <name>TokenTextPage</name>
    <message>
        <source>selected quantity</source>
        <translation>选中的量</translation>
    </message>
    <message>
        <source>What colours the text</source>
        <translation>文本按什么着色</translation>
    </message>
    <message>
        <source>What colours the text: of the selected unit</source>
        <translation>文本按选中单元的哪个量着色</translation>
    </message>
    <message>
        <source>The sequence as text</source>
        <translation>序列文本</translation>
    </message>
    <message>
        <source>{name}: there is no such unit; with a projection h has fewer than C.</source>
        <translation>{name}：没有这个单元；有投影时 h 的单元比 C 少。</translation>
    </message>
    <message>
        <source>unit {unit} of {what}: {number}</source>
        <translation>{what} 的单元 {unit}：{number}</translation>
    </message>
</context>
<context>
    <name>Toolbar</name>
    <message>
        <source>Toolbar</source>
        <translation>工具栏</translation>
    </message>
    <message>
        <source>{speed} / s</source>
        <translation>{speed} 步/秒</translation>
    </message>
    <message>
        <source>Steps a second while playing (Ctrl+Up, Ctrl+Down)</source>
        <translation>播放时每秒的步数（Ctrl+上方向键、Ctrl+下方向键）</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Drag to any step</source>
        <translation>拖动到任意时间步</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>时间步</translation>
    </message>
    <message>
        <source>Where the network runs (Alt+D)</source>
        <translation>网络在哪个设备上运行（Alt+D）</translation>
    </message>
</context>
<context>
    <name>TracePlot</name>
    <message>
        <source>unit {unit}</source>
        <translation>单元 {unit}</translation>
    </message>
</context>
<context>
    <name>UnrollingPage</name>
    <message>
        <source>What wrote the memory</source>
        <translation>记忆由何写入</translation>
    </message>
    <message>
        <source>The largest shares</source>
        <translation>最大的份额</translation>
    </message>
    <message>
        <source>The largest shares first; click one to go to its step</source>
        <translation>份额从大到小排列；单击一项，转到它的时间步</translation>
    </message>
    <message>
        <source>{symbol}_{t} = {recorded}   sum of the bars = {total}</source>
        <translation>{symbol}_{t} = {recorded}   各柱之和 = {total}</translation>
    </message>
    <message>
        <source>kept: {product}</source>
        <translation>保留：{product}</translation>
    </message>
    <message>
        <source>written: {product}</source>
        <translation>写入：{product}</translation>
    </message>
    <message>
        <source>shown: {product}</source>
        <translation>输出：{product}</translation>
    </message>
    <message>
        <source>Go to t = {t}</source>
        <translation>转到 t = {t}</translation>
    </message>
    <message>
        <source>{step} was set by hand to {written}, {percent} % of it is left: {share}</source>
        <translation>{step} 手动设为 {written}，剩余 {percent} %：{share}</translation>
    </message>
    <message>
        <source>{step} wrote {written}, {percent} % of it is left: {share}</source>
        <translation>{step} 写入 {written}，剩余 {percent} %：{share}</translation>
    </message>
    <message>
        <source>{name} was {initial}, {percent} % of it is left: {share}</source>
        <translation>{name} 原为 {initial}，剩余 {percent} %：{share}</translation>
    </message>
    <message>
        <source>{count} steps before t = {t} and {name}: {share}</source>
        <translation>t = {t} 之前的 {count} 个时间步和 {name}：{share}</translation>
    </message>
</context>
<context>
    <name>UserRequests</name>
    <message>
        <source>All of these</source>
        <translation>所有支持的文件</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录制文件</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>CSV, a row for each unit (*.csv)</source>
        <translation>CSV，每个单元一行 (*.csv)</translation>
    </message>
    <message>
        <source>CSV, a row for each step (*.csv)</source>
        <translation>CSV，每个时间步一行 (*.csv)</translation>
    </message>
    <message>
        <source>Export CSV</source>
        <translation>导出 CSV</translation>
    </message>
    <message>
        <source>Recording (*.gates)</source>
        <translation>录制文件 (*.gates)</translation>
    </message>
    <message>
        <source>Save trace</source>
        <translation>保存轨迹</translation>
    </message>
    <message>
        <source>Go to step</source>
        <translation>转到时间步</translation>
    </message>
    <message>
        <source>t, from 0 to {last}</source>
        <translation>t，从 0 到 {last}</translation>
    </message>
</context>
<context>
    <name>ValueField</name>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Drag to see at once what follows</source>
        <translation>拖动即可立刻看到结果</translation>
    </message>
    <message>
        <source>it lies in {low} … {high}; any number can be tried</source>
        <translation>取值范围是 {low} … {high}；可以尝试任意数</translation>
    </message>
    <message>
        <source>any number</source>
        <translation>任意数</translation>
    </message>
</context>
<context>
    <name>VerdictBadge</name>
    <message>
        <source>not checked yet</source>
        <translation>尚未检验</translation>
    </message>
    <message>
        <source>Click for the comparison step by step (Ctrl+M)</source>
        <translation>单击查看逐步比较（Ctrl+M）</translation>
    </message>
    <message>
        <source>edited network: {verdict}</source>
        <translation>修改后的网络：{verdict}</translation>
    </message>
    <message>
        <source>edited run: {verdict}</source>
        <translation>修改后的运行：{verdict}</translation>
    </message>
    <message>
        <source>deviates in {quantity} of unit {unit}</source>
        <translation>{quantity} 的单元 {unit} 有偏差</translation>
    </message>
    <message>
        <source>matches {module} ({percent} %)</source>
        <translation>与 {module} 一致（{percent} %）</translation>
    </message>
    <message>
        <source>differs from {module} at t = {t}</source>
        <translation>在 t = {t} 处与 {module} 不一致</translation>
    </message>
    <message>
        <source>matches {module} where it can; held by hand: {count}</source>
        <translation>凡可比较处均与 {module} 一致；手动固定：{count}</translation>
    </message>
    <message>
        <source>deviates in {quantity} of unit {unit} on average</source>
        <translation>{quantity} 的单元 {unit} 平均有偏差</translation>
    </message>
    <message>
        <source>deviates in {quantity} on average over {units} units</source>
        <translation>{quantity} 在 {units} 个单元上平均有偏差</translation>
    </message>
    <message>
        <source>the module does something else</source>
        <translation>模块的行为与其权重不符</translation>
    </message>
    <message>
        <source>the trace is not what ran</source>
        <translation>轨迹与实际运行不符</translation>
    </message>
    <message>
        <source>nothing to compare: all is held by hand</source>
        <translation>没有可以比较的内容：全部手动固定</translation>
    </message>
    <message>
        <source>nothing to compare: the batch is empty</source>
        <translation>没有可比较的内容：批次为空</translation>
    </message>
    <message>
        <source>cannot be told: the reference&apos;s {quantity} is unsure</source>
        <translation>无法判定：{quantity} 的参考值不确定</translation>
    </message>
    <message>
        <source>cannot compare from t = {t} on</source>
        <translation>从 t = {t} 起无法比较</translation>
    </message>
</context>
<context>
    <name>View</name>
    <message>
        <source>Break where {expression} …</source>
        <translation>在 {expression} … 处停下</translation>
    </message>
    <message>
        <source>Watch {expression}</source>
        <translation>监视 {expression}</translation>
    </message>
</context>
<context>
    <name>WatchModel</name>
    <message>
        <source>Click to go to a step</source>
        <translation>单击，转到某个时间步</translation>
    </message>
</context>
<context>
    <name>WatchesView</name>
    <message>
        <source>Change watch</source>
        <translation>更改监视</translation>
    </message>
    <message>
        <source>Change the selected expression (F2)</source>
        <translation>更改选中的表达式（F2）</translation>
    </message>
    <message>
        <source>Remove watch</source>
        <translation>删除监视</translation>
    </message>
    <message>
        <source>Remove the selected expression (Del)</source>
        <translation>删除选中的表达式（Del）</translation>
    </message>
    <message>
        <source>Remove all watches</source>
        <translation>删除所有监视</translation>
    </message>
    <message>
        <source>Remove all expressions</source>
        <translation>删除所有表达式</translation>
    </message>
    <message>
        <source>expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>over t</source>
        <translation>随 t 的变化</translation>
    </message>
    <message>
        <source>Watches</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>No watches. Type an expression below to follow its value from step to step.</source>
        <translation>没有监视。在下面输入表达式，逐步跟踪它的值。</translation>
    </message>
    <message>
        <source>Expression to watch</source>
        <translation>要监视的表达式</translation>
    </message>
    <message>
        <source>Enter adds it. Ctrl+Space lists what can be used.</source>
        <translation>按回车添加。按 Ctrl+空格列出可用的内容。</translation>
    </message>
    <message>
        <source>What to watch in the cell looked at (Ctrl+Shift+W leads here)</source>
        <translation>在当前查看的细胞中监视什么（按 Ctrl+Shift+W 转到这里）</translation>
    </message>
    <message>
        <source>Watch, such as {example} or mean(h)</source>
        <translation>监视，例如 {example} 或 mean(h)</translation>
    </message>
    <message>
        <source>layer {layer}</source>
        <translation>层 {layer}</translation>
    </message>
    <message>
        <source>batch element {batch}</source>
        <translation>样本 {batch}</translation>
    </message>
</context>
<context>
    <name>WeightForm</name>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>门</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
</context>
<context>
    <name>WeightsChoice</name>
    <message>
        <source>choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>Weights stay with all arguments that leave their shapes (Alt+W)</source>
        <translation>只要参数不改变权重的形状，权重就保持不变（Alt+W）</translation>
    </message>
    <message>
        <source>keep {weights}</source>
        <translation>保留 {weights}</translation>
    </message>
    <message>
        <source>new ones of seed {seed}, in place of {weights}</source>
        <translation>随机种子 {seed} 的新权重，替换 {weights}</translation>
    </message>
    <message>
        <source>{weights} does not fit {network}. Choose under Weights that new ones of seed {seed} replace it, or Cancel.</source>
        <translation>{weights} 与 {network} 不匹配。请在“权重”中选择用随机种子 {seed} 的新权重替换，或者取消。</translation>
    </message>
    <message>
        <source>trained weights</source>
        <translation>训练好的权重</translation>
    </message>
</context>
<context>
    <name>WeightsView</name>
    <message>
        <source>Histograms of the chosen gate&apos;s weights, instead of the maps</source>
        <translation>显示所选门的权重直方图，代替热力图</translation>
    </message>
    <message>
        <source>Histograms</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Why there are two biases</source>
        <translation>为什么有两个偏置</translation>
    </message>
    <message>
        <source>Copy the block as torch code</source>
        <translation>将此块复制为 torch 代码</translation>
    </message>
    <message>
        <source>Copy the block at the cursor as torch code (Ctrl+C in the maps)</source>
        <translation>把光标处的块复制为 torch 代码（在热力图中按 Ctrl+C）</translation>
    </message>
    <message>
        <source>Show the maps whole (0 in the maps)</source>
        <translation>完整显示热力图（在热力图中按 0）</translation>
    </message>
    <message>
        <source>Show the maps whole</source>
        <translation>完整显示热力图</translation>
    </message>
    <message>
        <source>Show the numbers large enough to read</source>
        <translation>放大到可以读出数字</translation>
    </message>
    <message>
        <source>Zoom out (- or Ctrl+wheel in the maps)</source>
        <translation>缩小（在热力图中按 - 或 Ctrl+滚轮）</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom in (+ or Ctrl+wheel in the maps)</source>
        <translation>放大（在热力图中按 + 或 Ctrl+滚轮）</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Which gate&apos;s block is chosen, here and in all panels</source>
        <translation>选择哪个门的块，对所有面板有效</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>门</translation>
    </message>
    <message>
        <source>why two?</source>
        <translation>为什么两个？</translation>
    </message>
    <message>
        <source>Weights as heat maps</source>
        <translation>权重热力图</translation>
    </message>
    <message>
        <source>Up, Down, Page Up and Page Down go through the rows, Shift+Left and Shift+Right through the columns. F2, Enter or a double click types another number.</source>
        <translation>上、下、Page Up、Page Down 在行间移动，Shift+左、Shift+右 在列间移动。按 F2、回车或双击可输入另一个数。</translation>
    </message>
    <message>
        <source>One scale for all maps, up to the largest magnitude. Where several numbers share a pixel, it shows the one that is furthest from zero</source>
        <translation>所有热力图共用一个色标，直到最大的绝对值。多个数共用一个像素时，显示其中离零最远的一个</translation>
    </message>
    <message>
        <source>Reading the weights…</source>
        <translation>正在读取权重…</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>Compute with another number…</source>
        <translation>用另一个数计算…</translation>
    </message>
    <message>
        <source>Copied: {code}</source>
        <translation>已复制：{code}</translation>
    </message>
</context>
<context>
    <name>WhereView</name>
    <message>
        <source>Where am I</source>
        <translation>当前位置</translation>
    </message>
    <message>
        <source>Click a line to go there (Up and Down, then Enter)</source>
        <translation>单击一行，转到那里（或用上、下方向键选择，再按回车）</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>转到那里</translation>
    </message>
    <message>
        <source>sequence of {steps} steps</source>
        <translation>{steps} 个时间步的序列</translation>
    </message>
    <message>
        <source>sequence of 1 step</source>
        <translation>1 个时间步的序列</translation>
    </message>
    <message>
        <source>layer {layer}</source>
        <translation>层 {layer}</translation>
    </message>
    <message>
        <source>input x_t</source>
        <translation>输入 x_t</translation>
    </message>
    <message>
        <source>pre-activations z</source>
        <translation>预激活值 z</translation>
    </message>
</context>
<context>
    <name>WindowTitle</name>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
</context>
<context>
    <name>_RecoveryCard</name>
    <message>
        <source>not saved under a name</source>
        <translation>尚未命名保存</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Discard…</source>
        <translation>丢弃…</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>没有图片</translation>
    </message>
</context>
<context>
    <name>about</name>
    <message>
        <source>Gatescope {version}

A step-through debugger for recurrent networks, checked at every step against PyTorch&apos;s own modules.

Log: {log}</source>
        <translation>Gatescope {version}

循环网络单步调试器，每个时间步都与 PyTorch 自带的模块核对。

日志：{log}</translation>
    </message>
    <message>
        <source>About Gatescope</source>
        <translation>关于 Gatescope</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;New network…</source>
        <translation>新建网络(&amp;N)…</translation>
    </message>
    <message>
        <source>Type, paste or open a sequence, or pick an example</source>
        <translation>输入、粘贴或打开序列，或选择示例</translation>
    </message>
    <message>
        <source>E&amp;xport CSV…</source>
        <translation>导出 CSV(&amp;X)…</translation>
    </message>
    <message>
        <source>Write every gate and state of every step to a file</source>
        <translation>把每个时间步的所有门和状态写入文件</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>&amp;Compare the edited run</source>
        <translation>比较修改后的运行(&amp;C)</translation>
    </message>
    <message>
        <source>Show where it parts from the original, or from the branch that it is held against</source>
        <translation>显示它与原始运行（或对照的分支）从哪里开始出现差异</translation>
    </message>
    <message>
        <source>&amp;First step</source>
        <translation>第一步(&amp;F)</translation>
    </message>
    <message>
        <source>Step &amp;back</source>
        <translation>后退一步(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation>单步(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>播放(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Last step</source>
        <translation>最后一步(&amp;L)</translation>
    </message>
    <message>
        <source>Fas&amp;ter</source>
        <translation>加快(&amp;T)</translation>
    </message>
    <message>
        <source>Play more steps a second</source>
        <translation>播放时每秒多走几步</translation>
    </message>
    <message>
        <source>Slo&amp;wer</source>
        <translation>减慢(&amp;W)</translation>
    </message>
    <message>
        <source>Play fewer steps a second</source>
        <translation>播放时每秒少走几步</translation>
    </message>
    <message>
        <source>&amp;Go to step…</source>
        <translation>转到时间步(&amp;G)…</translation>
    </message>
    <message>
        <source>Type the number of a step</source>
        <translation>输入时间步的编号</translation>
    </message>
    <message>
        <source>Choose a kind of recurrent network and its arguments</source>
        <translation>选择循环网络的类型及其参数</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Save &amp;trace…</source>
        <translation>保存轨迹(&amp;T)…</translation>
    </message>
    <message>
        <source>Write the whole trace to a file that can be opened again</source>
        <translation>把整条轨迹写入文件，以后可以再打开</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Do again what was undone</source>
        <translation>重新做被撤销的修改</translation>
    </message>
    <message>
        <source>Reset to &amp;original</source>
        <translation>恢复为原始运行(&amp;O)</translation>
    </message>
    <message>
        <source>Take all what-if edits away</source>
        <translation>去掉假设分析中的所有修改</translation>
    </message>
    <message>
        <source>&amp;What if…</source>
        <translation>假设分析(&amp;W)…</translation>
    </message>
    <message>
        <source>Change an input, a state, a weight, or hold a quantity, and see what follows</source>
        <translation>修改输入、状态或权重，或固定一个量，看看结果如何</translation>
    </message>
    <message>
        <source>New &amp;branch…</source>
        <translation>新建分支(&amp;B)…</translation>
    </message>
    <message>
        <source>Go on with edits under another name; this one stays as it is</source>
        <translation>换一个名称继续修改；当前分支保持原样</translation>
    </message>
    <message>
        <source>Re&amp;verse continue</source>
        <translation>反向继续(&amp;V)</translation>
    </message>
    <message>
        <source>Go back to the breakpoint before, or to the beginning</source>
        <translation>后退到前一个断点；没有则回到开头</translation>
    </message>
    <message>
        <source>Go to the step that ran before</source>
        <translation>转到前一个运行的时间步</translation>
    </message>
    <message>
        <source>Go to the step that runs next</source>
        <translation>转到下一个运行的时间步</translation>
    </message>
    <message>
        <source>Step &amp;into</source>
        <translation>单步进入(&amp;I)</translation>
    </message>
    <message>
        <source>Go to the next phase inside the cell</source>
        <translation>转到细胞内的下一个阶段</translation>
    </message>
    <message>
        <source>Step back i&amp;nto</source>
        <translation>反向单步进入(&amp;N)</translation>
    </message>
    <message>
        <source>Go to the phase before</source>
        <translation>转到前一个阶段</translation>
    </message>
    <message>
        <source>Step &amp;out</source>
        <translation>单步跳出(&amp;O)</translation>
    </message>
    <message>
        <source>Finish the cell</source>
        <translation>把这个细胞运行完</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>继续(&amp;C)</translation>
    </message>
    <message>
        <source>Go to the next breakpoint; where none is hit, play</source>
        <translation>转到下一个断点；没有命中时则播放</translation>
    </message>
    <message>
        <source>Step by itself up to a breakpoint, or pause</source>
        <translation>自动逐步运行到断点为止，或暂停</translation>
    </message>
    <message>
        <source>&amp;Toggle breakpoint</source>
        <translation>设置或取消断点(&amp;T)</translation>
    </message>
    <message>
        <source>Stop at this step, or no longer</source>
        <translation>在这个时间步停下，或不再停下</translation>
    </message>
    <message>
        <source>&amp;New breakpoint…</source>
        <translation>新建断点(&amp;N)…</translation>
    </message>
    <message>
        <source>Stop where a condition holds, such as f[3] &lt; 0.1</source>
        <translation>在条件成立处停下，例如 f[3] &lt; 0.1</translation>
    </message>
    <message>
        <source>&amp;Remove all breakpoints</source>
        <translation>删除所有断点(&amp;R)</translation>
    </message>
    <message>
        <source>Stop nowhere</source>
        <translation>哪里都不停下</translation>
    </message>
    <message>
        <source>New &amp;watch…</source>
        <translation>新建监视(&amp;W)…</translation>
    </message>
    <message>
        <source>Follow an expression, such as mean(o)</source>
        <translation>跟踪一个表达式，例如 mean(o)</translation>
    </message>
    <message>
        <source>Show the errors of every step</source>
        <translation>显示每个时间步的误差</translation>
    </message>
    <message>
        <source>Ne&amp;w session</source>
        <translation>新建会话(&amp;W)</translation>
    </message>
    <message>
        <source>Begin again, with the first example</source>
        <translation>从第一个示例重新开始</translation>
    </message>
    <message>
        <source>Open a session, a sequence, a checkpoint with a trained network, or a recording</source>
        <translation>打开会话、序列、含有已训练网络的检查点或录制文件</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save everything you made to the file of the session</source>
        <translation>把你做的一切保存到会话文件</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Save the session to another file</source>
        <translation>把会话保存到另一个文件</translation>
    </message>
    <message>
        <source>Seq&amp;uence…</source>
        <translation>序列(&amp;U)…</translation>
    </message>
    <message>
        <source>Start &amp;page</source>
        <translation>开始页(&amp;P)</translation>
    </message>
    <message>
        <source>Examples, a network, your model or your training: four ways in</source>
        <translation>示例、网络、你的模型或你的训练：四种开始方式</translation>
    </message>
    <message>
        <source>Take back the last change: of the network, sequence, edits, breakpoints, watches, targets or notes</source>
        <translation>撤销上一次更改：网络、序列、修改、断点、监视、目标或笔记</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>复制(&amp;Y)</translation>
    </message>
    <message>
        <source>Copy what is selected: cells of a table as a spreadsheet takes them, or text</source>
        <translation>复制所选内容：表格的单元格按电子表格的格式复制，或复制文本</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>全选(&amp;A)</translation>
    </message>
    <message>
        <source>Select all of the table or text that is worked in</source>
        <translation>全选当前操作的表格或文本</translation>
    </message>
    <message>
        <source>Go to where the run begins: the first step of the first layer</source>
        <translation>转到运行的开头：第一层的第一步</translation>
    </message>
    <message>
        <source>Go to where the run ends: the last step of the last layer</source>
        <translation>转到运行的结尾：最后一层的最后一步</translation>
    </message>
    <message>
        <source>First step of this la&amp;yer</source>
        <translation>本层第一步(&amp;Y)</translation>
    </message>
    <message>
        <source>Go to the step that this layer and direction computes first</source>
        <translation>转到本层本方向最先计算的一步</translation>
    </message>
    <message>
        <source>L&amp;ast step of this layer</source>
        <translation>本层最后一步(&amp;A)</translation>
    </message>
    <message>
        <source>Go to the step that this layer and direction computes last</source>
        <translation>转到本层本方向最后计算的一步</translation>
    </message>
    <message>
        <source>Co&amp;mpare with PyTorch</source>
        <translation>与 PyTorch 比较(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Keep this run for comparison</source>
        <translation>保留本次运行用于比较(&amp;K)</translation>
    </message>
    <message>
        <source>Compare other runs with this one</source>
        <translation>让其他运行与本次运行比较</translation>
    </message>
    <message>
        <source>Compare with the kept &amp;run</source>
        <translation>与保留的运行比较(&amp;R)</translation>
    </message>
    <message>
        <source>Show where this run and the kept one part</source>
        <translation>显示本次运行与保留的运行从哪里开始出现差异</translation>
    </message>
    <message>
        <source>Forg&amp;et the kept run</source>
        <translation>放弃保留的运行(&amp;E)</translation>
    </message>
    <message>
        <source>End the comparison of two runs</source>
        <translation>结束两次运行的比较</translation>
    </message>
    <message>
        <source>Ne&amp;xt quantity</source>
        <translation>下一个量(&amp;X)</translation>
    </message>
    <message>
        <source>Select the quantity after this one in all panels</source>
        <translation>在所有面板中选择后一个量</translation>
    </message>
    <message>
        <source>Pre&amp;vious quantity</source>
        <translation>上一个量(&amp;V)</translation>
    </message>
    <message>
        <source>Select the quantity before this one in all panels</source>
        <translation>在所有面板中选择前一个量</translation>
    </message>
    <message>
        <source>&amp;Next unit</source>
        <translation>下一个单元(&amp;N)</translation>
    </message>
    <message>
        <source>Select the unit after this one in all panels</source>
        <translation>在所有面板中选择后一个单元</translation>
    </message>
    <message>
        <source>Pr&amp;evious unit</source>
        <translation>上一个单元(&amp;E)</translation>
    </message>
    <message>
        <source>Select the unit before this one in all panels</source>
        <translation>在所有面板中选择前一个单元</translation>
    </message>
    <message>
        <source>Show &amp;all steps</source>
        <translation>显示所有时间步(&amp;A)</translation>
    </message>
    <message>
        <source>Undo zooming in the plots</source>
        <translation>撤销图中的缩放</translation>
    </message>
    <message>
        <source>Search every key, by menus</source>
        <translation>按菜单搜索所有快捷键</translation>
    </message>
    <message>
        <source>Help on this &amp;panel</source>
        <translation>这个面板的帮助(&amp;P)</translation>
    </message>
    <message>
        <source>What the panel with the focus shows, how it is computed, and what to try</source>
        <translation>焦点所在的面板显示什么、怎样计算、可以试什么</translation>
    </message>
    <message>
        <source>&amp;Glossary</source>
        <translation>术语表(&amp;G)</translation>
    </message>
    <message>
        <source>What the words mean, from forget gate to rounding bound</source>
        <translation>各个术语的含义，从遗忘门到舍入误差界</translation>
    </message>
    <message>
        <source>Show all &amp;units</source>
        <translation>显示所有单元(&amp;U)</translation>
    </message>
    <message>
        <source>Tick every unit in the legend</source>
        <translation>在图例中勾选所有单元</translation>
    </message>
    <message>
        <source>Show only the selected un&amp;it</source>
        <translation>只显示选中的单元(&amp;I)</translation>
    </message>
    <message>
        <source>Untick every other unit in the legend</source>
        <translation>在图例中取消勾选其他单元</translation>
    </message>
    <message>
        <source>Draw &amp;lines</source>
        <translation>画曲线(&amp;L)</translation>
    </message>
    <message>
        <source>A line for each unit</source>
        <translation>每个单元一条曲线</translation>
    </message>
    <message>
        <source>Draw &amp;heat maps</source>
        <translation>画热力图(&amp;H)</translation>
    </message>
    <message>
        <source>A row for each unit</source>
        <translation>每个单元一行</translation>
    </message>
    <message>
        <source>Draw what &amp;suits</source>
        <translation>自动选择画法(&amp;S)</translation>
    </message>
    <message>
        <source>Lines up to 32 units, heat maps above</source>
        <translation>不超过 32 个单元时画曲线，更多时画热力图</translation>
    </message>
    <message>
        <source>La&amp;rger type</source>
        <translation>放大文字(&amp;R)</translation>
    </message>
    <message>
        <source>For the last row of a classroom</source>
        <translation>让教室最后一排也看得清</translation>
    </message>
    <message>
        <source>S&amp;maller type</source>
        <translation>缩小文字(&amp;M)</translation>
    </message>
    <message>
        <source>Make all text smaller</source>
        <translation>把所有文字变小</translation>
    </message>
    <message>
        <source>Reset la&amp;yout</source>
        <translation>恢复布局(&amp;Y)</translation>
    </message>
    <message>
        <source>Put all panels back where they were at first</source>
        <translation>把所有面板放回最初的位置</translation>
    </message>
    <message>
        <source>Tool&amp;bar</source>
        <translation>工具栏(&amp;B)</translation>
    </message>
    <message>
        <source>Show or hide the toolbar</source>
        <translation>显示或隐藏工具栏</translation>
    </message>
    <message>
        <source>&amp;Close message</source>
        <translation>关闭消息(&amp;C)</translation>
    </message>
    <message>
        <source>Close the line above the panels</source>
        <translation>关闭面板上方的那一行消息</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;About Gatescope</source>
        <translation>关于 Gatescope(&amp;A)</translation>
    </message>
    <message>
        <source>Version and where the log is</source>
        <translation>版本和日志的位置</translation>
    </message>
</context>
<context>
    <name>breakpoints</name>
    <message>
        <source>where it stops matching PyTorch: {condition}</source>
        <translation>开始与 PyTorch 不一致之处：{condition}</translation>
    </message>
    <message>
        <source>no hits</source>
        <translation>没有命中</translation>
    </message>
    <message>
        <source>1 hit</source>
        <translation>命中 1 次</translation>
    </message>
    <message>
        <source>{count} hits</source>
        <translation>命中 {count} 次</translation>
    </message>
    <message>
        <source>log: {message}</source>
        <translation>日志：{message}</translation>
    </message>
    <message>
        <source>once</source>
        <translation>一次性</translation>
    </message>
    <message>
        <source>only hit {number}</source>
        <translation>仅第 {number} 次命中</translation>
    </message>
    <message>
        <source>every {number} hits</source>
        <translation>每 {number} 次命中</translation>
    </message>
    <message>
        <source>layer {numbers}</source>
        <translation>层 {numbers}</translation>
    </message>
    <message>
        <source>batch element {numbers}</source>
        <translation>样本 {numbers}</translation>
    </message>
    <message>
        <source>t = {t}: a breakpoint. Click to remove it (F9 at the current step)</source>
        <translation>t = {t}：有断点。单击可删除（在当前时间步可按 F9）</translation>
    </message>
    <message>
        <source>t = {t}: a breakpoint, switched off. Click to remove it</source>
        <translation>t = {t}：有断点，已停用。单击可删除</translation>
    </message>
    <message>
        <source>t = {t}: click to stop here (F9 at the current step)</source>
        <translation>t = {t}：单击可设为在此停下（在当前时间步可按 F9）</translation>
    </message>
    <message>
        <source>A walk stops here: {what}</source>
        <translation>运行到这里会停下：{what}</translation>
    </message>
</context>
<context>
    <name>console</name>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>{reason}; &apos;gatescope demo&apos; and &apos;gatescope trace&apos; work without one</source>
        <translation>{reason}；“gatescope demo”和“gatescope trace”不需要屏幕</translation>
    </message>
    <message>
        <source>Step through a recurrent network, gate by gate. Without a command, opens the window.</source>
        <translation>逐门单步查看循环网络。不带命令时打开窗口。</translation>
    </message>
    <message>
        <source>Commands: &apos;gatescope trace --help&apos; (no window), &apos;gatescope demo&apos; (a tour without a screen).</source>
        <translation>命令：“gatescope trace --help”（不用窗口）、“gatescope demo”（没有屏幕时的演示）。</translation>
    </message>
    <message>
        <source>what to open: a sequence ({sequences}), a checkpoint ({checkpoints}), a recording ({recordings}) or a session ({sessions})</source>
        <translation>要打开的文件：序列（{sequences}）、检查点（{checkpoints}）、录制文件（{recordings}）或会话（{sessions}）</translation>
    </message>
    <message>
        <source>Step the example &apos;hello&apos; without a screen; write hello.csv and hello.png.</source>
        <translation>不用屏幕单步运行示例“hello”；写出 hello.csv 和 hello.png。</translation>
    </message>
    <message>
        <source>the folder to write to (default: %(default)s)</source>
        <translation>写入的文件夹（默认：%(default)s）</translation>
    </message>
    <message>
        <source>Run a network over a sequence, print its steps, and check each against PyTorch&apos;s own module.</source>
        <translation>让网络运行一个序列，打印各时间步，并逐步与 PyTorch 自带的模块核对。</translation>
    </message>
    <message>
        <source>Exit status: 0 matches; 1 does not match, deviates or cannot be compared; 2 bad input.</source>
        <translation>退出状态：0 一致；1 不一致、有偏差或无法比较；2 输入有误。</translation>
    </message>
    <message>
        <source>write the trace, and FILE.json beside it</source>
        <translation>写出轨迹，并在旁边写出 FILE.json</translation>
    </message>
    <message>
        <source>of the CSV (default: %(default)s)</source>
        <translation>CSV 的布局（默认：%(default)s）</translation>
    </message>
    <message>
        <source>print the verdict only, in English for scripts</source>
        <translation>只打印结论，用英文，供脚本使用</translation>
    </message>
    <message>
        <source>a PyTorch constructor, e.g. &quot;nn.GRU(4, 3, num_layers=2)&quot;; or a checkpoint ({checkpoints}), model.pt or model.pt::encoder.rnn; or a recorded trace, run.gates or run.gates::encoder.rnn#0; or a session ({sessions}), with its sequence and edits; may be left out with --example, whose own network then runs</source>
        <translation>PyTorch 构造语句，例如 &quot;nn.GRU(4, 3, num_layers=2)&quot;；或检查点（{checkpoints}），如 model.pt 或 model.pt::encoder.rnn；或录制的轨迹，如 run.gates 或 run.gates::encoder.rnn#0；或会话（{sessions}），连同其序列和修改；给出 --example 时可省略，此时运行示例自己的网络</translation>
    </message>
    <message>
        <source>for the initial weights (default: 0, or the example&apos;s own weights)</source>
        <translation>初始权重的随机种子（默认：0，或示例自己的权重）</translation>
    </message>
    <message>
        <source>of an RNN in a checkpoint, which tells none</source>
        <translation>检查点中 RNN 的非线性函数，检查点本身看不出来</translation>
    </message>
    <message>
        <source>read a batch as (B, T, K), or as (T, B, K), which no checkpoint tells (default: as the network says)</source>
        <translation>批次按 (B, T, K) 还是 (T, B, K) 读取，检查点本身看不出来（默认：按网络的设定）</translation>
    </message>
    <message>
        <source>auto takes CUDA where there is one (default: cpu)</source>
        <translation>auto 在有 CUDA 时使用 CUDA（默认：cpu）</translation>
    </message>
    <message>
        <source>(default: the network&apos;s own)</source>
        <translation>（默认：网络自己的类型）</translation>
    </message>
    <message>
        <source>of float32 products on CUDA (default: as PyTorch is set)</source>
        <translation>CUDA 上 float32 乘法的运算精度（默认：按 PyTorch 的设置）</translation>
    </message>
    <message>
        <source>one step for each character, one-hot over its sorted characters</source>
        <translation>每个字符一个时间步，按排序后的字符作独热编码</translation>
    </message>
    <message>
        <source>a file with one row a step: {endings}</source>
        <translation>每行一个时间步的文件：{endings}</translation>
    </message>
    <message>
        <source>a file: {endings} (default: zeros)</source>
        <translation>文件：{endings}（默认：全零）</translation>
    </message>
    <message>
        <source>of an LSTM, a file: {endings} (default: zeros)</source>
        <translation>仅限 LSTM，文件：{endings}（默认：全零）</translation>
    </message>
    <message>
        <source>usage: </source>
        <translation>用法：</translation>
    </message>
    <message>
        <source>positional arguments</source>
        <translation>位置参数</translation>
    </message>
    <message>
        <source>options</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>%(heading)s:</source>
        <translation>%(heading)s：</translation>
    </message>
    <message>
        <source>show this help message and exit</source>
        <translation>显示此帮助信息并退出</translation>
    </message>
    <message>
        <source>argument %(argument_name)s: %(message)s</source>
        <translation>参数 %(argument_name)s：%(message)s</translation>
    </message>
    <message>
        <source>unrecognized arguments: %s</source>
        <translation>无法识别的参数：%s</translation>
    </message>
    <message>
        <source>the following arguments are required: %s</source>
        <translation>缺少以下必需的参数：%s</translation>
    </message>
    <message>
        <source>not allowed with argument %s</source>
        <translation>不能与参数 %s 同时使用</translation>
    </message>
    <message>
        <source>ambiguous option: %(option)s could match %(matches)s</source>
        <translation>选项 %(option)s 有歧义，可能是 %(matches)s</translation>
    </message>
    <message>
        <source>expected one argument</source>
        <translation>需要一个值</translation>
    </message>
    <message>
        <source>ignored explicit argument %r</source>
        <translation>不接受值 %r</translation>
    </message>
    <message>
        <source>invalid %(type)s value: %(value)r</source>
        <translation>%(value)r 不是有效的 %(type)s 值</translation>
    </message>
    <message>
        <source>invalid choice: %(value)r (choose from %(choices)s)</source>
        <translation>无效的选择：%(value)r（可选：%(choices)s）</translation>
    </message>
    <message>
        <source>{problem} (see {command} --help)</source>
        <translation>{problem}（见 {command} --help）</translation>
    </message>
    <message>
        <source>the window needs Qt; install it with: pip install &apos;gatescope[gui]&apos;</source>
        <translation>窗口需要 Qt；请用以下命令安装：pip install &apos;gatescope[gui]&apos;</translation>
    </message>
    <message>
        <source>hello -&gt; ohlol, {network}: the largest h says the next letter</source>
        <translation>hello -&gt; ohlol，{network}：最大的 h 给出下一个字母</translation>
    </message>
    <message>
        <source>wrote {path}</source>
        <translation>已写入 {path}</translation>
    </message>
    <message>
        <source>no picture: {reason}</source>
        <translation>没有图片：{reason}</translation>
    </message>
    <message>
        <source>wrote {path} (the window, drawn offscreen)</source>
        <translation>已写入 {path}（不用屏幕画出的窗口）</translation>
    </message>
    <message>
        <source>there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)</source>
        <translation>没有屏幕（DISPLAY 和 WAYLAND_DISPLAY 都没有设置）</translation>
    </message>
    <message>
        <source>the screen does not answer, or system libraries for it are missing</source>
        <translation>屏幕没有响应，或缺少它所需的系统库</translation>
    </message>
    <message>
        <source>{reason}; showing the demo instead</source>
        <translation>{reason}；改为显示演示</translation>
    </message>
    <message>
        <source>nothing could be compared</source>
        <translation>没有可以比较的内容</translation>
    </message>
    <message>
        <source>largest difference {error} of {bound} at t = {t}, {quantity}[{unit}], layer {layer}, {direction}, batch element {batch}</source>
        <translation>最大误差 {error}（允许 {bound}），位于 t = {t}，{quantity}[{unit}]，层 {layer}，{direction}，样本 {batch}</translation>
    </message>
    <message>
        <source>layer {layer}, {direction}, batch element 0</source>
        <translation>层 {layer}，{direction}，样本 0</translation>
    </message>
    <message>
        <source>layer {layer}, {direction}, batch element 0, units 0 to {last} of {units}</source>
        <translation>层 {layer}，{direction}，样本 0，{units} 个单元中的 0 到 {last}</translation>
    </message>
    <message>
        <source>{path} is a sequence for a network to read: name the network, then --input {path}</source>
        <translation>{path} 是供网络读取的序列：请写出网络，再写 --input {path}</translation>
    </message>
    <message>
        <source>nn.{kind} has no {name}: leave out --{name}</source>
        <translation>nn.{kind} 没有 {name}：请去掉 --{name}</translation>
    </message>
    <message>
        <source>{text} is neither a file that is there nor a call such as nn.LSTM(4, 3)</source>
        <translation>{text} 既不是存在的文件，也不是 nn.LSTM(4, 3) 这样的调用</translation>
    </message>
    <message>
        <source>the weights come from {path}: leave out --seed</source>
        <translation>权重来自 {path}：请去掉 --seed</translation>
    </message>
    <message>
        <source>{path} holds {count} recurrent modules; choose one: {names}</source>
        <translation>{path} 中有 {count} 个循环模块；请选择一个：{names}</translation>
    </message>
    <message>
        <source>{problem} ({one} or {other})</source>
        <translation>{problem}（{one} 或 {other}）</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>nn.{kind} has no nonlinearity to choose: leave out --nonlinearity</source>
        <translation>nn.{kind} 没有可选的非线性函数：请去掉 --nonlinearity</translation>
    </message>
    <message>
        <source>one of the arguments --text --input --example is required (see gatescope trace --help)</source>
        <translation>必须给出 --text、--input、--example 之一（见 gatescope trace --help）</translation>
    </message>
    <message>
        <source>{path} is shown as it was recorded, and not run again: leave out --{option}</source>
        <translation>{path} 按录制的样子显示，不会重新运行：请去掉 --{option}</translation>
    </message>
    <message>
        <source>{path} holds no trace {name}; it holds {names}</source>
        <translation>{path} 中没有轨迹 {name}；其中有 {names}</translation>
    </message>
    <message>
        <source>{path} holds {count} traces; choose one: {names}</source>
        <translation>{path} 中有 {count} 条轨迹；请选择一条：{names}</translation>
    </message>
    <message>
        <source>{path} is run as it was saved: leave out --{option}</source>
        <translation>{path} 按保存的样子运行：请去掉 --{option}</translation>
    </message>
</context>
<context>
    <name>edit_marks</name>
    <message>
        <source>original: {value}</source>
        <translation>原始运行：{value}</translation>
    </message>
    <message>
        <source>in “{branch}”: {value}</source>
        <translation>“{branch}”中：{value}</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>{name} must be a whole number, but it is {value}.</source>
        <translation>{name} 必须是整数，现在是 {value}。</translation>
    </message>
    <message>
        <source>{name} must be {allowed}, but it is {value}.</source>
        <translation>{name} 的取值必须是 {allowed}，现在是 {value}。</translation>
    </message>
    <message>
        <source>{name} must be True or False, but it is {value}.</source>
        <translation>{name} 必须是 True 或 False，现在是 {value}。</translation>
    </message>
    <message>
        <source>proj_size must be 0 (no projection) or smaller than hidden_size {hidden}, but it is {value}.</source>
        <translation>proj_size 必须是 0（不投影）或小于 hidden_size {hidden}，现在是 {value}。</translation>
    </message>
    <message>
        <source>{what} needs {needed} of memory, but this machine has {available} free; choose smaller sizes.</source>
        <translation>{what} 需要 {needed} 内存，而本机只有 {available} 可用；请选择较小的尺寸。</translation>
    </message>
    <message>
        <source>The memory ran out; choose smaller sizes or a shorter sequence.</source>
        <translation>内存不足；请选择更小的尺寸或更短的序列。</translation>
    </message>
    <message>
        <source>device must be cpu, cuda or cuda:N, but it is {value}.</source>
        <translation>device 必须是 cpu、cuda 或 cuda:N，现在是 {value}。</translation>
    </message>
    <message>
        <source>There is no CUDA device {device}: {reason}. Use the CPU.</source>
        <translation>没有 CUDA 设备 {device}：{reason}。请使用 CPU。</translation>
    </message>
    <message>
        <source>this PyTorch is built without CUDA</source>
        <translation>当前的 PyTorch 编译时未启用 CUDA</translation>
    </message>
    <message>
        <source>no working NVIDIA driver and device were found</source>
        <translation>没有找到可用的 NVIDIA 驱动程序和设备</translation>
    </message>
    <message>
        <source>there are only {names}</source>
        <translation>只有 {names}</translation>
    </message>
    <message>
        <source>The module&apos;s {name} is no tensor but {given}; a module without biases is made with bias=False.</source>
        <translation>模块的 {name} 不是张量，而是 {given}；不带偏置的模块请用 bias=False 创建。</translation>
    </message>
    <message>
        <source>The module&apos;s {name} has the shape {given}, but by the module&apos;s arguments it must have {expected}.</source>
        <translation>模块的 {name} 形状为 {given}，但按模块的参数应为 {expected}。</translation>
    </message>
    <message>
        <source>All parameters of the module must be of one dtype and on one device, but {name} is {given} and {first} is {expected}.</source>
        <translation>模块的所有参数必须具有相同的 dtype 并位于同一设备，但 {name} 为 {given}，而 {first} 为 {expected}。</translation>
    </message>
    <message>
        <source>A cell cannot be called {value}: torch.nn has a module of that name.</source>
        <translation>细胞类型不能叫 {value}：torch.nn 已有同名模块。</translation>
    </message>
    <message>
        <source>{module} is no module of torch.nn and cannot be built from its sizes; trace your own in Python.</source>
        <translation>{module} 不是 torch.nn 的模块，无法按尺寸构建；请在 Python 中追踪你自己的模块。</translation>
    </message>
    <message>
        <source>Its cell says that {name} of {module} has the shape {expected}, but it has {given}.</source>
        <translation>按其细胞类型的说明，{module} 的 {name} 形状应为 {expected}，实际为 {given}。</translation>
    </message>
    <message>
        <source>{module} should return {name} as {expected}, but returns {given}.</source>
        <translation>{module} 应以形状 {expected} 返回 {name}，实际返回 {given}。</translation>
    </message>
    <message>
        <source>The module is in training mode with dropout {dropout} between its layers, so its masks cannot be known; call module.eval() first.</source>
        <translation>模块处于训练模式，层间 dropout 为 {dropout}，其掩码无从得知；请先调用 module.eval()。</translation>
    </message>
    <message>
        <source>Type a constructor such as nn.LSTM(4, 3, num_layers=2).</source>
        <translation>请输入构造语句，例如 nn.LSTM(4, 3, num_layers=2)。</translation>
    </message>
    <message>
        <source>A constructor has at most {limit} characters, but this text has {length}.</source>
        <translation>构造语句最多 {limit} 个字符，而这段文本有 {length} 个。</translation>
    </message>
    <message>
        <source>This is not a plain call such as nn.LSTM(4, 3): it cannot be read near character {column}.</source>
        <translation>这不是像 nn.LSTM(4, 3) 那样的简单调用：在第 {column} 个字符附近无法解析。</translation>
    </message>
    <message>
        <source>The value of {name} must be written out (a number, True, False or a name of a dtype), not: {part}</source>
        <translation>{name} 的值必须直接写出（数、True、False 或 dtype 的名称），不能是：{part}</translation>
    </message>
    <message>
        <source>The argument {name} is given twice.</source>
        <translation>参数 {name} 给出了两次。</translation>
    </message>
    <message>
        <source>dtype must be float32, float64, float16 or bfloat16, but it is {value}.</source>
        <translation>dtype 必须是 float32、float64、float16 或 bfloat16，现在是 {value}。</translation>
    </message>
    <message>
        <source>The module must be one of {allowed}, but it is {value}.</source>
        <translation>模块必须是 {allowed} 之一，现在是 {value}。</translation>
    </message>
    <message>
        <source>nonlinearity must be &apos;tanh&apos; or &apos;relu&apos;, but it is {value}.</source>
        <translation>nonlinearity 必须是 &apos;tanh&apos; 或 &apos;relu&apos;，现在是 {value}。</translation>
    </message>
    <message>
        <source>{module} has no argument {name}.</source>
        <translation>{module} 没有参数 {name}。</translation>
    </message>
    <message>
        <source>arithmetic must be ieee or tf32, but it is {value}.</source>
        <translation>arithmetic 必须是 ieee 或 tf32，现在是 {value}。</translation>
    </message>
    <message>
        <source>TF32 is computed on CUDA devices only, but the device is {device}.</source>
        <translation>TF32 只能在 CUDA 设备上计算，而当前设备是 {device}。</translation>
    </message>
    <message>
        <source>PyTorch does not take the setting {value} for its products; it stays at {found}.</source>
        <translation>PyTorch 的乘法运算不接受设置 {value}；仍为 {found}。</translation>
    </message>
    <message>
        <source>The module must be a plain {allowed}, but it is a {value}.</source>
        <translation>模块必须是原本的 {allowed}（不能是子类），现在是 {value}。</translation>
    </message>
    <message>
        <source>Only a plain call such as nn.LSTM(4, 3) is understood, but here is: {part}</source>
        <translation>只接受像 nn.LSTM(4, 3) 那样的简单调用，而这里是：{part}</translation>
    </message>
    <message>
        <source>Only {known} are understood, but here is: {part}</source>
        <translation>只接受 {known}，而这里是：{part}</translation>
    </message>
    <message>
        <source>{module} has no argument {name}; it has {known}.</source>
        <translation>{module} 没有参数 {name}；它的参数有 {known}。</translation>
    </message>
    <message>
        <source>{module} takes at most {limit} arguments by position, but here are {given}.</source>
        <translation>{module} 最多接受 {limit} 个位置参数，而这里有 {given} 个。</translation>
    </message>
    <message>
        <source>{module} needs input_size and hidden_size; {name} is missing.</source>
        <translation>{module} 需要 input_size 和 hidden_size；缺少 {name}。</translation>
    </message>
    <message>
        <source>The sequence is empty; it needs at least one step.</source>
        <translation>序列为空；至少需要一个时间步。</translation>
    </message>
    <message>
        <source>The batch is empty: it has no sequence to step through.</source>
        <translation>批次为空：没有可供单步执行的序列。</translation>
    </message>
    <message>
        <source>Row {row} has {given} values, but the rows before it have {expected}.</source>
        <translation>第 {row} 行有 {given} 个值，而前面各行有 {expected} 个。</translation>
    </message>
    <message>
        <source>Row {row}, column {column} is not a number: {value}</source>
        <translation>第 {row} 行第 {column} 列不是数：{value}</translation>
    </message>
    <message>
        <source>Each step has {given} values, but the network takes {expected} (its input_size).</source>
        <translation>每个时间步有 {given} 个值，而网络需要 {expected} 个（即它的 input_size）。</translation>
    </message>
    <message>
        <source>A sequence has 2 dimensions (T, {width}), or 3 with a batch ({batch}); this one has the shape {given}.</source>
        <translation>序列应有 2 维 (T, {width})，带批次时应有 3 维 ({batch})；而这个序列的形状是 {given}。</translation>
    </message>
    <message>
        <source>The sequence has dtype {given}, but the network computes in {expected}.</source>
        <translation>序列的 dtype 是 {given}，而网络用 {expected} 计算。</translation>
    </message>
    <message>
        <source>The sequence is on {given}, but the network is on {expected}.</source>
        <translation>序列在 {given} 上，而网络在 {expected} 上。</translation>
    </message>
    <message>
        <source>The sequence must be a dense torch.Tensor, but it is a {given}.</source>
        <translation>序列必须是稠密的 torch.Tensor，现在是 {given}。</translation>
    </message>
    <message>
        <source>There are {given} tokens for {expected} steps.</source>
        <translation>有 {given} 个词元，却有 {expected} 个时间步。</translation>
    </message>
    <message>
        <source>The character {character} at position {position} is not in the vocabulary {vocabulary}.</source>
        <translation>位置 {position} 处的字符 {character} 不在词表 {vocabulary} 中。</translation>
    </message>
    <message>
        <source>{name} must have the shape {expected}, but it has {given}.</source>
        <translation>{name} 的形状必须是 {expected}，现在是 {given}。</translation>
    </message>
    <message>
        <source>{name} has dtype {given}, but the sequence has {expected}.</source>
        <translation>{name} 的 dtype 是 {given}，而序列的是 {expected}。</translation>
    </message>
    <message>
        <source>{name} is on {given}, but the sequence is on {expected}.</source>
        <translation>{name} 在 {given} 上，而序列在 {expected} 上。</translation>
    </message>
    <message>
        <source>hx must be the pair (h0, c0), but it is a {given}.</source>
        <translation>hx 必须是一对状态 (h0, c0)，现在是 {given}。</translation>
    </message>
    <message>
        <source>hx must be the tensor h0, but it is a {given}.</source>
        <translation>hx 必须是张量 h0，现在是 {given}。</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>文件 {path} 不存在。</translation>
    </message>
    <message>
        <source>{path} is a folder; a file is needed.</source>
        <translation>{path} 是文件夹；这里需要文件。</translation>
    </message>
    <message>
        <source>{path} is a pipe, a socket or a device; a plain file is needed.</source>
        <translation>{path} 是管道、套接字或设备；需要一个普通文件。</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>无法读取 {path}：{reason}。</translation>
    </message>
    <message>
        <source>its name is not in UTF-8</source>
        <translation>文件名不是 UTF-8 编码</translation>
    </message>
    <message>
        <source>{path} must end in {allowed}.</source>
        <translation>{path} 的扩展名必须是 {allowed}。</translation>
    </message>
    <message>
        <source>{path} cannot be opened: it is {what}.</source>
        <translation>无法打开 {path}：它是{what}。</translation>
    </message>
    <message>
        <source>{path} is {what}; here a file of {allowed} is needed.</source>
        <translation>{path} 是{what}；这里需要 {allowed} 文件。</translation>
    </message>
    <message>
        <source>{path} is a file, and no constructor; File &gt; Open (Ctrl+O) opens it.</source>
        <translation>{path} 是一个文件，不是构造语句；请用“文件 &gt; 打开”（Ctrl+O）打开它。</translation>
    </message>
    <message>
        <source>{path} is not a CSV text file in UTF-8.</source>
        <translation>{path} 不是 UTF-8 编码的 CSV 文本文件。</translation>
    </message>
    <message>
        <source>{path} is not a NumPy .npy file: {reason}.</source>
        <translation>{path} 不是 NumPy 的 .npy 文件：{reason}。</translation>
    </message>
    <message>
        <source>its header promises an array of the shape {shape}, {needed} bytes, but it holds {given} bytes</source>
        <translation>文件头声明的数组形状为 {shape}，需要 {needed} 字节，但文件中只有 {given} 字节</translation>
    </message>
    <message>
        <source>its header promises the shape {shape}, which no array can have</source>
        <translation>文件头声明的形状 {shape} 是任何数组都不可能有的</translation>
    </message>
    <message>
        <source>{path} holds Python objects, which are never unpickled; save it as an array of numbers.</source>
        <translation>{path} 含有 Python 对象，这里绝不反序列化（unpickle）；请保存为数值数组。</translation>
    </message>
    <message>
        <source>{path} holds {given}; an array of real numbers is needed.</source>
        <translation>{path} 中的数据是 {given}；这里需要实数数组。</translation>
    </message>
    <message>
        <source>{path} does not hold the weights of this network: {reason}.</source>
        <translation>{path} 中不是这个网络的权重：{reason}。</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}. Nothing was changed there.</source>
        <translation>无法写入 {path}：{reason}。那里没有任何改动。</translation>
    </message>
    <message>
        <source>{path} was changed by another program. What is open here is as before; Save asks before it replaces it.</source>
        <translation>{path} 被其他程序更改了。此处打开的内容保持不变；保存时会先询问是否替换。</translation>
    </message>
    <message>
        <source>{path} was removed or renamed. What is open here is as before; Save writes the file again.</source>
        <translation>{path} 被删除或重命名了。此处打开的内容保持不变；保存会重新写入该文件。</translation>
    </message>
    <message>
        <source>{path} was not opened: what was recovered is on show. File &gt; Open recent opens it once that is saved.</source>
        <translation>未打开 {path}：当前显示的是恢复的内容。保存之后，可用“文件 &gt; 打开最近的文件”打开它。</translation>
    </message>
    <message>
        <source>{path}: {problem}</source>
        <translation>{path}：{problem}</translation>
    </message>
    <message>
        <source>layout must be long or wide, but it is {value}.</source>
        <translation>layout 必须是 long 或 wide，现在是 {value}。</translation>
    </message>
    <message>
        <source>{path} is no checkpoint that can be read: it is {what}.</source>
        <translation>{path} 不是可以读取的检查点：{what}。</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>文件为空</translation>
    </message>
    <message>
        <source>a NumPy file</source>
        <translation>它是 NumPy 文件</translation>
    </message>
    <message>
        <source>a safetensors file</source>
        <translation>safetensors 文件</translation>
    </message>
    <message>
        <source>a checkpoint that torch.save wrote</source>
        <translation>torch.save 写出的检查点</translation>
    </message>
    <message>
        <source>a recording of Gatescope</source>
        <translation>Gatescope 的录制文件</translation>
    </message>
    <message>
        <source>a session of Gatescope</source>
        <translation>Gatescope 的会话文件</translation>
    </message>
    <message>
        <source>only a pointer of Git LFS; get the file itself with git lfs pull</source>
        <translation>它只是 Git LFS 的指针；请用 git lfs pull 获取文件本身</translation>
    </message>
    <message>
        <source>neither a safetensors file nor one that torch.save wrote</source>
        <translation>它既不是 safetensors 文件，也不是 torch.save 写出的文件</translation>
    </message>
    <message>
        <source>a zip archive that torch.save did not write; unpack it and open a file that is in it</source>
        <translation>不是由 torch.save 写出的 zip 归档；请解压后打开其中的文件</translation>
    </message>
    <message>
        <source>a NumPy .npz, a zip archive that torch.save did not write; save one of its arrays with numpy.save, or weights as a state dict with torch.save, and open that</source>
        <translation>NumPy 的 .npz，即不是由 torch.save 写出的 zip 归档；请用 numpy.save 保存其中一个数组，或用 torch.save 把权重存为 state dict，再打开所存的文件</translation>
    </message>
    <message>
        <source>a tar archive; unpack it and open a file that is in it</source>
        <translation>tar 归档；请解包后打开其中的文件</translation>
    </message>
    <message>
        <source>compressed with {program}; unpack it and open the file that is in it</source>
        <translation>用 {program} 压缩的文件；请解压后打开其中的文件</translation>
    </message>
    <message>
        <source>a web page (HTML), as a link to a page about a file gives; download the file itself</source>
        <translation>网页（HTML），下载链接指向的是介绍文件的网页时就会得到它；请下载文件本身</translation>
    </message>
    <message>
        <source>an ONNX model; save the PyTorch module&apos;s state_dict() with torch.save and open that</source>
        <translation>ONNX 模型；请用 torch.save 保存 PyTorch 模块的 state_dict()，再打开所存的文件</translation>
    </message>
    <message>
        <source>an HDF5 file, as Keras and MATLAB write them; put its weights into a PyTorch module and save the module&apos;s state_dict() with torch.save, or its numbers with numpy.save, and open that</source>
        <translation>HDF5 文件（Keras 和 MATLAB 会写这种文件）；请把其中的权重放入 PyTorch 模块并用 torch.save 保存该模块的 state_dict()，或用 numpy.save 保存其中的数值，再打开所存的文件</translation>
    </message>
    <message>
        <source>a model of {library}; put its weights into a PyTorch module, save the module&apos;s state_dict() with torch.save and open that</source>
        <translation>{library} 的模型；请把其权重放入 PyTorch 模块，用 torch.save 保存该模块的 state_dict()，再打开所存的文件</translation>
    </message>
    <message>
        <source>data in the format {format}; save the numbers as CSV or with numpy.save and open that</source>
        <translation>{format} 格式的数据；请把数值存为 CSV 或用 numpy.save 保存，再打开所存的文件</translation>
    </message>
    <message>
        <source>a Python pickle that torch.save did not write, which may run code and is never loaded; load it where you trust it, save the state_dict() with torch.save or the array with numpy.save, and open that</source>
        <translation>不是由 torch.save 写出的 Python pickle，它可能运行代码，因此从不加载；如果信任它，请在您自己的程序中加载，用 torch.save 保存 state_dict() 或用 numpy.save 保存数组，再打开所存的文件</translation>
    </message>
    <message>
        <source>a tar archive of PyTorch 0.1, which cannot be read without running its code; load it with torch.load where you trust it, save the state_dict() with torch.save and open that</source>
        <translation>PyTorch 0.1 的 tar 归档，不运行其中的代码就无法读取；如果信任它，请用 torch.load 加载，用 torch.save 保存 state_dict()，再打开所存的文件</translation>
    </message>
    <message>
        <source>a TorchScript archive, which holds code; load it with torch.jit.load and torch.save its state_dict()</source>
        <translation>它是含有代码的 TorchScript 存档；请用 torch.jit.load 加载，再用 torch.save 保存它的 state_dict()</translation>
    </message>
    <message>
        <source>a program of torch.export; save its state_dict (or the module&apos;s) with torch.save and open that</source>
        <translation>torch.export 的程序；请用 torch.save 保存它（或该模块）的 state_dict，再打开所存的文件</translation>
    </message>
    <message>
        <source>of type {given}, and not a state dict as model.state_dict() returns it</source>
        <translation>其内容的类型是 {given}，而不是 model.state_dict() 返回的状态字典</translation>
    </message>
    <message>
        <source>cut, damaged or of another format ({detail})</source>
        <translation>文件不完整、已损坏或属于其他格式（{detail}）</translation>
    </message>
    <message>
        <source>{path} needs {name} to be read, and code in files is never run; load it where that code is, and save model.state_dict() with torch.save or safetensors.</source>
        <translation>读取 {path} 需要 {name}，而文件中的代码绝不执行；请在有该代码的环境中加载它，再用 torch.save 或 safetensors 保存 model.state_dict()。</translation>
    </message>
    <message>
        <source>{path} holds no recurrent module: no tensor has a name such as weight_ih_l0 (in a layer) or weight_ih (in a cell), alone or at the end as in encoder.lstm.weight_ih_l0; its tensors are: {names}.</source>
        <translation>{path} 中没有循环模块：没有一个张量的名称是 weight_ih_l0（按层的模块）或 weight_ih（Cell 类模块）之类，或像 encoder.lstm.weight_ih_l0 那样以它结尾；其中的张量有：{names}。</translation>
    </message>
    <message>
        <source>{path} has changed since it was opened; open it again.</source>
        <translation>{path} 打开之后已被改动；请重新打开。</translation>
    </message>
    <message>
        <source>{path} has no recurrent module {value}; it has {known}.</source>
        <translation>{path} 中没有循环模块 {value}；其中有 {known}。</translation>
    </message>
    <message>
        <source>{path}: an {module} computes with tanh or relu, and its weights do not tell which; say which it is.</source>
        <translation>{path}：{module} 用 tanh 或 relu 计算，从权重看不出是哪一个；请指明。</translation>
    </message>
    <message>
        <source>{path}: its weights do not tell batch_first, and {shape} is {first} with the batch first, {second} with the steps first; say which it is.</source>
        <translation>{path}：权重没有说明 batch_first；形状 {shape} 若批次在前，就是{first}；若时间步在前，就是{second}。请指明是哪一种。</translation>
    </message>
    <message>
        <source>1 sequence of 1 step</source>
        <translation>1 个长 1 步的序列</translation>
    </message>
    <message>
        <source>1 sequence of {steps} steps</source>
        <translation>1 个长 {steps} 步的序列</translation>
    </message>
    <message>
        <source>{batch} sequences of 1 step</source>
        <translation>{batch} 个长 1 步的序列</translation>
    </message>
    <message>
        <source>{batch} sequences of {steps} steps</source>
        <translation>{batch} 个长 {steps} 步的序列</translation>
    </message>
    <message>
        <source>{path}: among its weights are {names}, which {module} does not have; it computes without them, and so something else than the saved model, unless they act outside of the cell.</source>
        <translation>{path}：其权重中有 {names}，而 {module} 没有这些参数；计算时不使用它们，因此除非它们作用于细胞之外，否则结果与所保存的模型不同。</translation>
    </message>
    <message>
        <source>it is parametrized ({names}); before it is saved, call torch.nn.utils.parametrize.remove_parametrizations, or remove_weight_norm, remove_spectral_norm or prune.remove where one of these was applied.</source>
        <translation>它经过参数化（{names}）；请在保存之前调用 torch.nn.utils.parametrize.remove_parametrizations；若用的是旧式的权重归一化、谱归一化或剪枝，则调用 remove_weight_norm、remove_spectral_norm 或 prune.remove。</translation>
    </message>
    <message>
        <source>its tensors must be dense, and all float32, float64, float16 or bfloat16, but {faults}.</source>
        <translation>它的张量必须是稠密的，并且全部同为 float32、float64、float16 或 bfloat16，而现在 {faults}。</translation>
    </message>
    <message>
        <source>{name} has the shape {given}, but it should have {rows} rows, and 1/4 (LSTM), 1/3 (GRU) or 1/1 (RNN) as many columns; an LSTM with proj_size may have fewer, but also needs weight_hr.</source>
        <translation>{name} 的形状是 {given}，但它应有 {rows} 行，列数应为行数的 1/4（LSTM）、1/3（GRU）或 1/1（RNN）；带 proj_size 的 LSTM 列数可以更少，但还需要 weight_hr。</translation>
    </message>
    <message>
        <source>its tensors do not make a module: {faults}.</source>
        <translation>它的张量不能组成模块：{faults}。</translation>
    </message>
    <message>
        <source>{name} is missing</source>
        <translation>缺少 {name}</translation>
    </message>
    <message>
        <source>{name} does not belong to it</source>
        <translation>{name} 不属于该模块</translation>
    </message>
    <message>
        <source>{name} has the shape {given} instead of {expected}</source>
        <translation>{name} 的形状是 {given}，而不是 {expected}</translation>
    </message>
    <message>
        <source>{name} is {given}</source>
        <translation>{name} 是 {given}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{first}, {next}</source>
        <translation>{first}，{next}</translation>
    </message>
    <message>
        <source>{first} and {count} more</source>
        <translation>{first}，另有 {count} 项</translation>
    </message>
    <message>
        <source>{path} is not a trace file of Gatescope.</source>
        <translation>{path} 不是 Gatescope 的轨迹文件。</translation>
    </message>
    <message>
        <source>{path} is a pipe or a device; a recording needs a plain file.</source>
        <translation>{path} 是管道或设备；录制需要普通文件。</translation>
    </message>
    <message>
        <source>{path} was changed by another program during the recording; record into a file of its own.</source>
        <translation>录制期间 {path} 被其他程序改动；请录制到一个专用的文件。</translation>
    </message>
    <message>
        <source>{path} may not be on the disk in full: {reason}. Read it once before you rely on it.</source>
        <translation>{path} 可能没有完整写入磁盘：{reason}。请先完整读取一次，再放心使用。</translation>
    </message>
    <message>
        <source>The trace could not be added to {path}: {reason}. The traces before it are there.</source>
        <translation>无法把这条轨迹添加到 {path}：{reason}。之前的轨迹都在。</translation>
    </message>
    <message>
        <source>Trace {number} in {path} cannot be read: {reason}</source>
        <translation>无法读取 {path} 中的第 {number} 条轨迹：{reason}</translation>
    </message>
    <message>
        <source>The file ends before it does.</source>
        <translation>轨迹还没有结束，文件就结束了。</translation>
    </message>
    <message>
        <source>It was written by a newer version of Gatescope; update Gatescope.</source>
        <translation>它由更新版本的 Gatescope 写出；请升级 Gatescope。</translation>
    </message>
    <message>
        <source>Its header is damaged.</source>
        <translation>它的头部已损坏。</translation>
    </message>
    <message>
        <source>The trace has too many layers for a trace file.</source>
        <translation>这条轨迹的层数太多，轨迹文件放不下。</translation>
    </message>
    <message>
        <source>{name} is missing.</source>
        <translation>缺少 {name}。</translation>
    </message>
    <message>
        <source>A trace of this network has no {name}.</source>
        <translation>这个网络的轨迹中没有 {name}。</translation>
    </message>
    <message>
        <source>{name} must be {expected}, but it is {given}.</source>
        <translation>{name} 必须是 {expected}，现在是 {given}。</translation>
    </message>
    <message>
        <source>{name} does not fit the rest: {value}</source>
        <translation>{name} 与其余内容不符：{value}</translation>
    </message>
    <message>
        <source>xarray is not installed; install it with {command}, or use to_parquet or to_numpy.</source>
        <translation>没有安装 xarray；请用 {command} 安装，或改用 to_parquet 或 to_numpy。</translation>
    </message>
    <message>
        <source>The model to record must be a torch.nn.Module, but it is of type {given}.</source>
        <translation>要录制的模型必须是 torch.nn.Module，现在的类型是 {given}。</translation>
    </message>
    <message>
        <source>{part} is compiled, and compiled code does not tell what {name} in it reads and returns; record the model before torch.compile, or a copy that was never compiled.</source>
        <translation>{part} 已编译，而从编译后的代码看不到其中的 {name} 读入和返回什么；请在 torch.compile 之前录制模型，或录制从未编译过的副本。</translation>
    </message>
    <message>
        <source>There is nothing to record in the {given}: it holds no {allowed}.</source>
        <translation>{given} 中没有可以录制的内容：它不含 {allowed}。</translation>
    </message>
    <message>
        <source>There is nothing to record in the {given}: it is made of operations and no longer holds modules; record the model that it was made from.</source>
        <translation>{given} 中没有可以录制的内容：它由运算组成，已不再含有模块；请录制生成它的原模型。</translation>
    </message>
    <message>
        <source>modules must name some of {names}, but here is {name}.</source>
        <translation>modules 必须从 {names} 中选取，而这里是 {name}。</translation>
    </message>
    <message>
        <source>batch must be a whole number, several of them, a slice, or None for all, but it is {value}.</source>
        <translation>batch 必须是一个整数、若干个整数、一个切片，或表示全部的 None，现在是 {value}。</translation>
    </message>
    <message>
        <source>batch asks for {batch}, but the call has only {size} batch elements.</source>
        <translation>batch 要取 {batch}，而这次调用只有 {size} 个样本。</translation>
    </message>
    <message>
        <source>It cannot be traced: {reason}.</source>
        <translation>无法得到它的轨迹：{reason}。</translation>
    </message>
    <message>
        <source>Call {call} of {name} is not recorded, nor are others like it (see Recording.skipped): {reason}</source>
        <translation>{name} 的调用 {call} 没有录制，其他类似的调用也没有（见 Recording.skipped）：{reason}</translation>
    </message>
    <message>
        <source>The trace of call {call} of {name} differs by up to {difference} from what the module returned, which is more than rounding usually makes (see Recording.differences); perhaps a hook changed it.</source>
        <translation>{name} 的调用 {call} 的轨迹与模块的返回值最多相差 {difference}，超出了通常的舍入误差（见 Recording.differences）；也许有钩子（hook）改动了返回值。</translation>
    </message>
    <message>
        <source>There is no recording of {name}, only of {names}.</source>
        <translation>没有录制 {name}，只录制了 {names}。</translation>
    </message>
    <message>
        <source>There is not one trace but {count}: {names}.</source>
        <translation>轨迹不是一条，而是 {count} 条：{names}。</translation>
    </message>
    <message>
        <source>Nothing has been recorded yet, so there is nothing to save.</source>
        <translation>还没有录制任何内容，因此没有可以保存的。</translation>
    </message>
    <message>
        <source>layer must be from 0 to {last}, but it is {value}.</source>
        <translation>layer 必须在 0 到 {last} 之间，现在是 {value}。</translation>
    </message>
    <message>
        <source>direction must be {allowed}, but it is {value}.</source>
        <translation>direction 的取值必须是 {allowed}，现在是 {value}。</translation>
    </message>
    <message>
        <source>t must be from 0 to {last}, but it is {value}.</source>
        <translation>t 必须在 0 到 {last} 之间，现在是 {value}。</translation>
    </message>
    <message>
        <source>phase must be one of {allowed}, but it is {value}.</source>
        <translation>phase 必须是 {allowed} 之一，现在是 {value}。</translation>
    </message>
    <message>
        <source>The quantity must be {allowed}, but it is {value}.</source>
        <translation>量的名称必须是 {allowed} 之一，现在是 {value}。</translation>
    </message>
    <message>
        <source>The report belongs to another trace; give the report of this one.</source>
        <translation>该报告属于另一条轨迹；请给出本轨迹的报告。</translation>
    </message>
    <message>
        <source>There are no gradients in torch.inference_mode(); trace with grad=True outside of it.</source>
        <translation>torch.inference_mode() 中没有梯度；请在其外使用 grad=True。</translation>
    </message>
    <message>
        <source>A trace is needed, as gs.trace returns it, but this is of type {given}.</source>
        <translation>需要 gs.trace 返回的轨迹，但这里的类型是 {given}。</translation>
    </message>
    <message>
        <source>No gradient has come to layer {layer}, {direction}: first call backward() on something that is computed from it.</source>
        <translation>第 {layer} 层（{direction}）还没有梯度：请先对由它计算出的结果调用 backward()。</translation>
    </message>
    <message>
        <source>Gradients are kept of the quantities, not of {name}: multiply that of {gate} by the slope of its nonlinearity.</source>
        <translation>只保留各个量的梯度，不保留 {name} 的梯度：请将 {gate} 的梯度乘以其非线性函数的斜率。</translation>
    </message>
    <message>
        <source>There are no gradients of {name}: trace with grad=True to have them.</source>
        <translation>没有 {name} 的梯度；若要梯度，请在计算轨迹时使用 grad=True。</translation>
    </message>
    <message>
        <source>matches {module} ({percent} % of the rounding bound)</source>
        <translation>与 {module} 一致（误差为舍入误差界的 {percent} %）</translation>
    </message>
    <message>
        <source>{module}, called step by step</source>
        <translation>{module}（逐步调用）</translation>
    </message>
    <message>
        <source>cannot be compared: {module} is no module of torch.nn, and no file holds it</source>
        <translation>无法比较：{module} 不是 torch.nn 的模块，文件中也不保存它</translation>
    </message>
    <message>
        <source>cannot be told: two ways to the reference&apos;s own {quantity} (layer {layer}, {direction}) differ by {times} times the rounding bound</source>
        <translation>无法判定：以两种方式得到的 {quantity} 参考值（层 {layer}，{direction}）相差舍入误差界的 {times} 倍</translation>
    </message>
    <message>
        <source>the two runs match ({percent} % of the rounding bound)</source>
        <translation>两次运行一致（差值为舍入误差界的 {percent} %）</translation>
    </message>
    <message>
        <source>the two runs were not fed the same: {name} differs</source>
        <translation>两次运行的输入不一致：{name} 不同</translation>
    </message>
    <message>
        <source>Only runs of the same shape can be compared, but one is {one}, the other {other}.</source>
        <translation>只有形状相同的运行才能比较，而一个是 {one}，另一个是 {other}。</translation>
    </message>
    <message>
        <source>Only runs of the same lengths can be compared, but one has {one}, the other {other}.</source>
        <translation>只有长度相同的运行才能比较，而一个是 {one}，另一个是 {other}。</translation>
    </message>
    <message>
        <source>float64 is the arbiter of coarser types; this run is itself in float64.</source>
        <translation>float64 只能作为精度更低的类型的基准；而本次运行本身就用 float64。</translation>
    </message>
    <message>
        <source>returned by the kernel of {module}</source>
        <translation>由 {module} 的底层算子（kernel）返回</translation>
    </message>
    <message>
        <source>returned by {module}, called step by step</source>
        <translation>由逐步调用的 {module} 返回</translation>
    </message>
    <message>
        <source>shown by the kernel of {module}, whose other gates were held</source>
        <translation>由 {module} 的底层算子（kernel）显示出来（其余的门保持固定）</translation>
    </message>
    <message>
        <source>shown by the kernel of {module}, whose other gates were held; at {rows} rows cross-checked with what PyTorch&apos;s native kernel was seen to compute ({percent} % of the rounding bound apart)</source>
        <translation>由 {module} 的底层算子（kernel）显示出来（其余的门保持固定）；并在 {rows} 行上与观测到的 PyTorch 原生底层算子（kernel）的计算值交叉核对（相差为舍入误差界的 {percent} %）</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>正向</translation>
    </message>
    <message>
        <source>tokens must be a text, or one text for each step, but it is of type {given}.</source>
        <translation>tokens 必须是文本，或每步一个文本，但它的类型是 {given}。</translation>
    </message>
    <message>
        <source>does not match {module}: first at t = {t}, {quantity} of unit {unit} ({where}), {times} times the rounding bound</source>
        <translation>与 {module} 不一致：首先出现在 t = {t}，单元 {unit} 的 {quantity}（{where}），为舍入误差界的 {times} 倍</translation>
    </message>
    <message>
        <source>matches {module} within the worst case of rounding, but deviates by more than rounding is likely to: {quantity} of unit {unit} by {error} at t = {t} ({where}), where {bound} would be likely</source>
        <translation>在舍入误差的最坏情况之内与 {module} 一致，但偏差超出舍入误差通常的大小：单元 {unit} 的 {quantity} 在 t = {t} 处（{where}）偏差 {error}，而通常不超过 {bound}</translation>
    </message>
    <message>
        <source>matches {module} within the worst case of rounding, but deviates by more than rounding is likely to: {quantity} of unit {unit} by {error} at t = {t} ({where}), where {bound} would be likely; that is {z_error} in {z}</source>
        <translation>在舍入误差的最坏情况之内与 {module} 一致，但偏差超出舍入误差通常的大小：单元 {unit} 的 {quantity} 在 t = {t} 处（{where}）偏差 {error}，而通常不超过 {bound}；这相当于 {z} 偏差 {z_error}</translation>
    </message>
    <message>
        <source>the trace is wrong: the {place} in it is not what ran</source>
        <translation>轨迹有误：其中的 {place} 与实际运行的不符</translation>
    </message>
    <message>
        <source>the module does something else than its weights: {reasons}; its {place} differs by {error}</source>
        <translation>模块的行为与其权重不符：{reasons}；其 {place} 相差 {error}</translation>
    </message>
    <message>
        <source>it has the forward pre-hook {name}</source>
        <translation>它带有前向预钩子 {name}</translation>
    </message>
    <message>
        <source>it has the forward hook {name}</source>
        <translation>它带有前向钩子 {name}</translation>
    </message>
    <message>
        <source>all modules have the forward pre-hook {name}</source>
        <translation>所有模块都带有前向预钩子 {name}</translation>
    </message>
    <message>
        <source>all modules have the forward hook {name}</source>
        <translation>所有模块都带有前向钩子 {name}</translation>
    </message>
    <message>
        <source>its {method} is replaced by {name}</source>
        <translation>它的 {method} 已被 {name} 替换</translation>
    </message>
    <message>
        <source>its class is {name}</source>
        <translation>它的类是 {name}</translation>
    </message>
    <message>
        <source>{names} have parametrizations</source>
        <translation>{names} 带有参数化</translation>
    </message>
    <message>
        <source>it runs with other numbers than its parameters {names} (its _flat_weights are stale)</source>
        <translation>它运行时所用的数值与其参数 {names} 不同（其 _flat_weights 已过时）</translation>
    </message>
    <message>
        <source>nothing attached to it was found that could explain it</source>
        <translation>未发现附加在它上面、可以解释此差异的东西</translation>
    </message>
    <message>
        <source>it returned something else when it was recorded</source>
        <translation>录制时它返回了不同的结果</translation>
    </message>
    <message>
        <source>the call raises {reason}</source>
        <translation>调用时抛出 {reason}</translation>
    </message>
    <message>
        <source>its {place} is {given}, not {expected}</source>
        <translation>它的 {place} 是 {given}，而不是 {expected}</translation>
    </message>
    <message>
        <source>The module itself was not called: the trace comes from a file, or was converted.</source>
        <translation>未调用模块本身：该轨迹来自文件，或经过转换。</translation>
    </message>
    <message>
        <source>The module itself was not called: values are held by hand.</source>
        <translation>未调用模块本身：有数值被手动固定。</translation>
    </message>
    <message>
        <source>The module itself was not called: after the run, {name} changed.</source>
        <translation>未调用模块本身：运行之后 {name} 已改变。</translation>
    </message>
    <message>
        <source>The module itself was not called: each call changes its own {names}.</source>
        <translation>未调用模块本身：每次调用都会改变它自己的 {names}。</translation>
    </message>
    <message>
        <source>The module itself was not called: it is compiled.</source>
        <translation>未调用模块本身：它已被编译。</translation>
    </message>
    <message>
        <source>its arguments</source>
        <translation>它的参数设置</translation>
    </message>
    <message>
        <source>matches {module} within the worst case of rounding, but deviates systematically: {quantity} of unit {unit} by {error} on average over {steps} steps (layer {layer}, {direction}), where {bound} would be likely</source>
        <translation>在舍入误差的最坏情况之内与 {module} 一致，但存在系统性偏差：{quantity} 的单元 {unit} 在 {steps} 个时间步上平均偏差 {error}（第 {layer} 层，{direction}），而通常不超过 {bound}</translation>
    </message>
    <message>
        <source>matches {module} within the worst case of rounding, but deviates systematically: {quantity} by {error} on average over {steps} steps of {units} units (layer {layer}, {direction}), where {bound} would be likely</source>
        <translation>在舍入误差的最坏情况之内与 {module} 一致，但存在系统性偏差：{quantity} 在 {units} 个单元的 {steps} 个时间步上平均偏差 {error}（第 {layer} 层，{direction}），而通常不超过 {bound}</translation>
    </message>
    <message>
        <source>would have seen a constant error of {errors}</source>
        <translation>能发现的最小恒定误差：{errors}</translation>
    </message>
    <message>
        <source>{error} in {quantity}</source>
        <translation>{quantity} 为 {error}</translation>
    </message>
    <message>
        <source>reverse</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>layer {layer}, {direction}</source>
        <translation>层 {layer}，{direction}</translation>
    </message>
    <message>
        <source>layer {layer}, {direction}, batch element {batch}</source>
        <translation>层 {layer}，{direction}，样本 {batch}</translation>
    </message>
    <message>
        <source>{quantity} (layer {layer}, {direction})</source>
        <translation>{quantity}（层 {layer}，{direction}）</translation>
    </message>
    <message>
        <source>{place} (in the reverse direction from there down)</source>
        <translation>{place}（反向从该处往下）</translation>
    </message>
    <message>
        <source>the rounding bound of {quantity} (layer {layer}, {direction})</source>
        <translation>{quantity} 的舍入误差界（层 {layer}，{direction}）</translation>
    </message>
    <message>
        <source>cannot compare from t = {t} on: NaN or infinity appears in {where}</source>
        <translation>从 t = {t} 起无法比较：{where} 中出现 NaN 或无穷大</translation>
    </message>
    <message>
        <source>the two runs differ: first at t = {t}, {quantity} of unit {unit} ({where}), {times} times the rounding bound</source>
        <translation>两次运行不一致：首先出现在 t = {t}，单元 {unit} 的 {quantity}（{where}），为舍入误差界的 {times} 倍</translation>
    </message>
    <message>
        <source>{how}; values that could not be shown, since pre-activations there are too near the largest number of {dtype} for another gate to be held: {count}</source>
        <translation>{how}；那里的预激活值过于接近 {dtype} 的最大数，无法固定另一个门，因此有 {count} 个值无法显示</translation>
    </message>
    <message>
        <source>K, how many numbers x_t has at each step</source>
        <translation>K，每个时间步 x_t 有几个数</translation>
    </message>
    <message>
        <source>H, how many units each layer has</source>
        <translation>H，每层有几个单元</translation>
    </message>
    <message>
        <source>layers stacked on each other; each reads the h of the one below</source>
        <translation>堆叠的层数；每层读取它下方那一层的 h</translation>
    </message>
    <message>
        <source>whether h_t is tanh(a_t) or relu(a_t)</source>
        <translation>h_t 是 tanh(a_t) 还是 relu(a_t)</translation>
    </message>
    <message>
        <source>whether b_ih and b_hh are added</source>
        <translation>是否加上 b_ih 和 b_hh</translation>
    </message>
    <message>
        <source>whether a batch comes as (B, T, K) instead of (T, B, K)</source>
        <translation>批次的形状是否为 (B, T, K)，而不是 (T, B, K)</translation>
    </message>
    <message>
        <source>acts between layers while training; never after the last layer</source>
        <translation>训练时作用于层与层之间；最后一层之后从不使用</translation>
    </message>
    <message>
        <source>adds a second direction that reads from the end to the start</source>
        <translation>增加第二个方向，从末尾向开头读取</translation>
    </message>
    <message>
        <source>h gets this many units through W_hr; 0 means no projection</source>
        <translation>经 W_hr 投影后 h 的单元数；0 表示不投影</translation>
    </message>
    <message>
        <source>where it is computed</source>
        <translation>在哪个设备上计算</translation>
    </message>
    <message>
        <source>the numbers it computes with</source>
        <translation>计算所用的数值类型</translation>
    </message>
    <message>
        <source>reset gate</source>
        <translation>重置门</translation>
    </message>
    <message>
        <source>update gate</source>
        <translation>更新门</translation>
    </message>
    <message>
        <source>new state</source>
        <translation>候选隐藏状态</translation>
    </message>
    <message>
        <source>hidden state</source>
        <translation>隐藏状态</translation>
    </message>
    <message>
        <source>forget gate</source>
        <translation>遗忘门</translation>
    </message>
    <message>
        <source>input gate</source>
        <translation>输入门</translation>
    </message>
    <message>
        <source>candidate</source>
        <translation>候选记忆</translation>
    </message>
    <message>
        <source>cell state</source>
        <translation>细胞状态</translation>
    </message>
    <message>
        <source>output gate</source>
        <translation>输出门</translation>
    </message>
    <message>
        <source>pre-activation</source>
        <translation>预激活</translation>
    </message>
    <message>
        <source>There is no expression yet; write one such as {example}.</source>
        <translation>还没有表达式；请写一个，例如 {example}。</translation>
    </message>
    <message>
        <source>An expression has at most {limit} characters, but this one has {length}.</source>
        <translation>表达式最多 {limit} 个字符，而这个有 {length} 个。</translation>
    </message>
    <message>
        <source>This is nested deeper than {limit} levels; make it simpler.</source>
        <translation>嵌套超过 {limit} 层；请写得简单些。</translation>
    </message>
    <message>
        <source>This cannot be read as an expression; brackets around a part may help, such as (not a) or (a + b).</source>
        <translation>无法解析为表达式；给某一部分加上括号也许有用，例如 (not a) 或 (a + b)。</translation>
    </message>
    <message>
        <source>{sign} has no meaning in an expression.</source>
        <translation>{sign} 在表达式中没有意义。</translation>
    </message>
    <message>
        <source>{sign} has no meaning in an expression; write {instead}.</source>
        <translation>{sign} 在表达式中没有意义；请写 {instead}。</translation>
    </message>
    <message>
        <source>A point can only stand within a number: nothing here has parts to ask for by name.</source>
        <translation>点号只能用在数中：这里没有什么可以按名称取出其中的一部分。</translation>
    </message>
    <message>
        <source>{number} is not a number; write it such as 3, 0.25 or 1e-3.</source>
        <translation>{number} 不是数；请写成 3、0.25 或 1e-3 这样的形式。</translation>
    </message>
    <message>
        <source>{number} is too large; whole numbers go up to 10^15, numbers with a point or an e up to 1.7e308.</source>
        <translation>{number} 太大；整数最大为 10^15，带小数点或 e 的数最大为 1.7e308。</translation>
    </message>
    <message>
        <source>The text that begins here is not closed; {quote} is missing at its end.</source>
        <translation>从这里开始的文本没有结束；末尾缺少 {quote}。</translation>
    </message>
    <message>
        <source>In a text, a backslash can stand only before another, a quotation mark, n, r or t.</source>
        <translation>在文本中，反斜杠之后只能是另一个反斜杠、引号、n、r 或 t。</translation>
    </message>
    <message>
        <source>{word} cannot be written; say instead what is to be true, such as f[0] &lt; 0.1.</source>
        <translation>不能写 {word}；请写出应当成立的条件，例如 f[0] &lt; 0.1。</translation>
    </message>
    <message>
        <source>{word} has no meaning in an expression; its words are and, or, not, names and functions.</source>
        <translation>{word} 在表达式中没有意义；可用的词有 and、or、not，以及名称和函数。</translation>
    </message>
    <message>
        <source>A value is missing here, such as {example} or 0.5.</source>
        <translation>这里缺少一个值，例如 {example} 或 0.5。</translation>
    </message>
    <message>
        <source>After {before} a value is missing, such as {example} or 0.5.</source>
        <translation>{before} 之后缺少一个值，例如 {example} 或 0.5。</translation>
    </message>
    <message>
        <source>The number of a unit is missing here, such as 0.</source>
        <translation>这里缺少单元的编号，例如 0。</translation>
    </message>
    <message>
        <source>An operator is missing before {part}, such as &lt;, + or and.</source>
        <translation>{part} 之前缺少运算符，例如 &lt;、+ 或 and。</translation>
    </message>
    <message>
        <source>A comma has no meaning here; it stands between the values of a function, as in crosses(value, level).</source>
        <translation>逗号在这里没有意义；它用来分隔函数的参数，例如 crosses(value, level)。</translation>
    </message>
    <message>
        <source>There is no {opening} that this {bracket} could close.</source>
        <translation>没有可与这个 {bracket} 配对的 {opening}。</translation>
    </message>
    <message>
        <source>This {bracket} is not closed.</source>
        <translation>这个 {bracket} 没有闭合。</translation>
    </message>
    <message>
        <source>There is no {name}; there are {allowed}.</source>
        <translation>没有 {name}；可用的有 {allowed}。</translation>
    </message>
    <message>
        <source>There is no {name}; did you mean {closest}? There are {allowed}.</source>
        <translation>没有 {name}；是不是 {closest}？可用的有 {allowed}。</translation>
    </message>
    <message>
        <source>There is no token: the steps of this sequence are numbers and have no names.</source>
        <translation>没有词元（token）：这个序列的时间步是数值，没有名称。</translation>
    </message>
    <message>
        <source>There is no err: this run is not compared with {module}.</source>
        <translation>没有 err：本次运行没有与 {module} 比较。</translation>
    </message>
    <message>
        <source>This is a function, and needs its values: {usage}.</source>
        <translation>这是函数，需要给出参数：{usage}。</translation>
    </message>
    <message>
        <source>{part} is not a function; a unit of a vector is written in square brackets, such as [3].</source>
        <translation>{part} 不是函数；向量的单元写在方括号中，例如 [3]。</translation>
    </message>
    <message>
        <source>Write {usage}: it takes {expected}, but {given} are given.</source>
        <translation>请写 {usage}：它需要 {expected} 个参数，而这里给出了 {given} 个。</translation>
    </message>
    <message>
        <source>{part} has no units: it is one value at each step.</source>
        <translation>{part} 没有单元：它在每个时间步只有一个值。</translation>
    </message>
    <message>
        <source>The unit of {part} must be a whole number from 0 to {last}.</source>
        <translation>{part} 的单元必须是 0 到 {last} 的整数。</translation>
    </message>
    <message>
        <source>{part} has the units 0 to {last}, but not {unit}.</source>
        <translation>{part} 的单元是 0 到 {last}，没有 {unit}。</translation>
    </message>
    <message>
        <source>{left} has {one} units, but {right} has {other}, so they cannot be taken unit by unit.</source>
        <translation>{left} 有 {one} 个单元，而 {right} 有 {other} 个，因此不能逐单元运算。</translation>
    </message>
    <message>
        <source>{part} has more units in one layer than in another, so it cannot be taken unit by unit with {other}; choose one unit, such as [0], or take its mean.</source>
        <translation>{part} 在各层的单元数不同，因此不能与 {other} 逐单元运算；请选一个单元（例如 [0]），或取平均值。</translation>
    </message>
    <message>
        <source>{part} is {given}, but {wanted} is needed here.</source>
        <translation>{part} 是{given}，而这里需要{wanted}。</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>真假值</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>{part} is true or false already, and is not compared; join it with and, or, not.</source>
        <translation>{part} 本身就是真假值，不能再作比较；请用 and、or、not 连接。</translation>
    </message>
    <message>
        <source>The text {text} cannot be compared with the number {number}.</source>
        <translation>文本 {text} 不能与数 {number} 比较。</translation>
    </message>
    <message>
        <source>Texts are compared only with == and !=.</source>
        <translation>文本只能用 == 和 != 比较。</translation>
    </message>
    <message>
        <source>A text can stand only beside == or !=, as in token == &quot;l&quot; or direction == &quot;reverse&quot;.</source>
        <translation>文本只能写在 == 或 != 的一边，例如 token == &quot;l&quot; 或 direction == &quot;reverse&quot;。</translation>
    </message>
    <message>
        <source>direction is &quot;forward&quot; or &quot;reverse&quot;, never {value}.</source>
        <translation>direction 是 &quot;forward&quot; 或 &quot;reverse&quot;，不会是 {value}。</translation>
    </message>
    <message>
        <source>{function} is taken over the units of a vector, but {part} is one value at each step.</source>
        <translation>{function} 对向量的各个单元计算，而 {part} 在每个时间步只有一个值。</translation>
    </message>
    <message>
        <source>saturated needs a gate or state whose range has two ends, such as 0 to 1; {part} has none.</source>
        <translation>saturated 需要取值范围有两端（例如 0 到 1）的门或状态；{part} 没有这样的范围。</translation>
    </message>
    <message>
        <source>The level of saturated lies from 0 to 1, but this is {value}.</source>
        <translation>saturated 的 level 必须在 0 到 1 之间，现在是 {value}。</translation>
    </message>
    <message>
        <source>The level of saturated is one value, but {part} is a vector.</source>
        <translation>saturated 的 level 是单个值，而 {part} 是向量。</translation>
    </message>
    <message>
        <source>{part} is a number, not true or false; compare it, as in {example}.</source>
        <translation>{part} 是数，不是真假值；请作比较，例如 {example}。</translation>
    </message>
    <message>
        <source>{part} is a text, not true or false; compare it, as in {example}.</source>
        <translation>{part} 是文本，不是真假值；请作比较，例如 {example}。</translation>
    </message>
    <message>
        <source>{part} is true or false for each unit; say any({part}) or all({part}).</source>
        <translation>{part} 对每个单元各有一个真假值；请写 any({part}) 或 all({part})。</translation>
    </message>
    <message>
        <source>This {brace} has no partner; a value stands between two, and for the brace itself write it twice.</source>
        <translation>这个 {brace} 没有配对；值要写在一对花括号之间，花括号本身要写两遍。</translation>
    </message>
    <message>
        <source>the step, from 0</source>
        <translation>时间步，从 0 数起</translation>
    </message>
    <message>
        <source>what the step is called, such as a character</source>
        <translation>时间步的名称，例如一个字符</translation>
    </message>
    <message>
        <source>what the layer reads, units 0 to {last}</source>
        <translation>这一层读取的值，单元 0 到 {last}</translation>
    </message>
    <message>
        <source>{equation}, units 0 to {last}</source>
        <translation>{equation}，单元 0 到 {last}</translation>
    </message>
    <message>
        <source>another name of {name}, units 0 to {last}</source>
        <translation>{name} 的另一个名称，单元 0 到 {last}</translation>
    </message>
    <message>
        <source>what the nonlinearity of {name} is applied to, units 0 to {last}</source>
        <translation>送入 {name} 的非线性函数的值，单元 0 到 {last}</translation>
    </message>
    <message>
        <source>the layer, from 0 to {last}</source>
        <translation>层，从 0 到 {last}</translation>
    </message>
    <message>
        <source>&quot;forward&quot; or &quot;reverse&quot;</source>
        <translation>&quot;forward&quot;（正向）或 &quot;reverse&quot;（反向）</translation>
    </message>
    <message>
        <source>the batch element, from 0</source>
        <translation>样本，从 0 数起</translation>
    </message>
    <message>
        <source>the largest difference to {module} at this step over its rounding bound</source>
        <translation>这个时间步与 {module} 的最大误差同其舍入误差界之比</translation>
    </message>
    <message>
        <source>any(truths): whether it is true of some unit</source>
        <translation>any(truths)：是否至少对一个单元成立</translation>
    </message>
    <message>
        <source>all(truths): whether it is true of all units</source>
        <translation>all(truths)：是否对所有单元都成立</translation>
    </message>
    <message>
        <source>mean(vector): the mean over the units; of truths the fraction that is true</source>
        <translation>mean(vector)：各单元的平均值；对真假值则是成立的比例</translation>
    </message>
    <message>
        <source>min(vector): the smallest of the units</source>
        <translation>min(vector)：各单元中的最小值</translation>
    </message>
    <message>
        <source>max(vector): the largest of the units</source>
        <translation>max(vector)：各单元中的最大值</translation>
    </message>
    <message>
        <source>sum(vector): the sum over the units; of truths how many are true</source>
        <translation>sum(vector)：各单元之和；对真假值则是成立的个数</translation>
    </message>
    <message>
        <source>abs(value): without its sign</source>
        <translation>abs(value)：绝对值</translation>
    </message>
    <message>
        <source>prev(value): at the step that ran before, at first of the initial states</source>
        <translation>prev(value)：前一个运行的时间步的值；在最先运行的时间步取自初始状态</translation>
    </message>
    <message>
        <source>next(value): at the step that runs next</source>
        <translation>next(value)：下一个运行的时间步的值</translation>
    </message>
    <message>
        <source>crosses(value, level): whether the value has just come to the level or to its other side</source>
        <translation>crosses(value, level)：value 是否刚刚到达 level，或刚刚越到它的另一侧</translation>
    </message>
    <message>
        <source>saturated(gate, level): the fraction of units nearer to an end of their range than the level</source>
        <translation>saturated(gate, level)：离取值范围的一端不到 level 的单元所占的比例</translation>
    </message>
    <message>
        <source>isnan(value): whether it is NaN; of a vector, whether any unit is</source>
        <translation>isnan(value)：是否为 NaN；对向量则是有没有单元为 NaN</translation>
    </message>
    <message>
        <source>isfinite(value): whether it is neither NaN nor infinite</source>
        <translation>isfinite(value)：是否既不是 NaN 也不是无穷大</translation>
    </message>
    <message>
        <source>A breakpoint counts its hits in one way: nth, or every; choose one of them.</source>
        <translation>断点只能用一种方式计数：nth 或 every，请选择其一。</translation>
    </message>
    <message>
        <source>{name} must be a whole number from 1 on, but it is {value}.</source>
        <translation>{name} 必须是从 1 开始的整数，但现在是 {value}。</translation>
    </message>
    <message>
        <source>x[{column}] at t = {t} set to {value}</source>
        <translation>t = {t} 处的 x[{column}] 改为 {value}</translation>
    </message>
    <message>
        <source>token at t = {t} set to {token}</source>
        <translation>t = {t} 处的词元改为 {token}</translation>
    </message>
    <message>
        <source>{place} set to {value}</source>
        <translation>{place} 改为 {value}</translation>
    </message>
    <message>
        <source>{what} held at {value} {when}</source>
        <translation>{what} {when}固定为 {value}</translation>
    </message>
    <message>
        <source>{quantity} of unit {unit}</source>
        <translation>单元 {unit} 的 {quantity}</translation>
    </message>
    <message>
        <source>at t = {t}</source>
        <translation>在 t = {t} 处</translation>
    </message>
    <message>
        <source>at t = {first} to {last}</source>
        <translation>在 t = {first} 到 {last} 处</translation>
    </message>
    <message>
        <source>from t = {t} on</source>
        <translation>从 t = {t} 起</translation>
    </message>
    <message>
        <source>at every step</source>
        <translation>在每个时间步</translation>
    </message>
    <message>
        <source>{edit} (layer {layer}, {direction})</source>
        <translation>{edit}（层 {layer}，{direction}）</translation>
    </message>
    <message>
        <source>{edit} (batch element {batch})</source>
        <translation>{edit}（样本 {batch}）</translation>
    </message>
    <message>
        <source>reset to the original</source>
        <translation>恢复为原始运行</translation>
    </message>
    <message>
        <source>without: {edit}</source>
        <translation>去掉：{edit}</translation>
    </message>
    <message>
        <source>{name} must be a finite number, but it is {value}.</source>
        <translation>{name} 必须是有限的数，现在是 {value}。</translation>
    </message>
    <message>
        <source>{name} must be text, but it is {value}.</source>
        <translation>{name} 必须是文本，现在是 {value}。</translation>
    </message>
    <message>
        <source>{name} must be one or more numbers such as (2,) or (0, 3), but it is {value}.</source>
        <translation>{name} 必须是一个或多个数，例如 (2,) 或 (0, 3)，现在是 {value}。</translation>
    </message>
    <message>
        <source>{name} has the shape {shape}, so its index needs a number for each dimension, but it is {value}.</source>
        <translation>{name} 的形状是 {shape}，因此它的索引必须为每一维给出一个数，现在是 {value}。</translation>
    </message>
    <message>
        <source>The steps of this sequence are numbers without tokens; change x[0], x[1] and so on instead.</source>
        <translation>这个序列的时间步是数值，没有词元；请改为修改 x[0]、x[1] 等。</translation>
    </message>
    <message>
        <source>The edit “{edit}” does not fit this run: {reason}</source>
        <translation>修改“{edit}”不适用于本次运行：{reason}</translation>
    </message>
    <message>
        <source>holds must be a list of gs.Hold(quantity, value, ...), but here is one of type {given}.</source>
        <translation>holds 必须是由 gs.Hold(quantity, value, ...) 组成的列表，而其中有一项的类型是 {given}。</translation>
    </message>
    <message>
        <source>A run can have {limit} holds, but here are {given}.</source>
        <translation>一次运行最多可以有 {limit} 项固定，而这里有 {given} 项。</translation>
    </message>
    <message>
        <source>nothing changes, bit for bit</source>
        <translation>没有任何变化，逐位相同</translation>
    </message>
    <message>
        <source>the runs part at t = {t}: {quantity} of unit {unit} ({where}) is {edited} instead of {original}</source>
        <translation>两次运行在 t = {t} 处开始出现差异：单元 {unit} 的 {quantity}（{where}）是 {edited}，而不是 {original}</translation>
    </message>
    <message>
        <source>{name} changes by up to {size}: at t = {t}, unit {unit} ({where})</source>
        <translation>{name} 最多改变 {size}：位于 t = {t}，单元 {unit}（{where}）</translation>
    </message>
    <message>
        <source>{name} stays the same, bit for bit</source>
        <translation>{name} 不变，逐位相同</translation>
    </message>
    <message>
        <source>matches {module} wherever it has a counterpart ({percent} % of the rounding bound); values held by hand: {count}</source>
        <translation>凡有对应值之处均与 {module} 一致（误差为舍入误差界的 {percent} %）；手动固定的值：{count} 个</translation>
    </message>
    <message>
        <source>nothing can be compared with {module}: every value is held by hand or follows from one that is</source>
        <translation>没有可以与 {module} 比较的内容：每个值都是手动固定的，或由手动固定的值得出</translation>
    </message>
    <message>
        <source>nothing can be compared with {module}: the batch is empty, it has no sequence</source>
        <translation>没有可与 {module} 比较的内容：批次为空，不含任何序列</translation>
    </message>
    <message>
        <source>the two runs were not held by hand alike (one: {one}; the other: {other})</source>
        <translation>两次运行手动固定的内容不同（一个：{one}；另一个：{other}）</translation>
    </message>
    <message>
        <source>There is no drift of a run with values held by hand: {module} cannot run beside it on its own.</source>
        <translation>手动固定了值的运行没有漂移：{module} 无法在旁边独自作同样的运行。</translation>
    </message>
    <message>
        <source>There are {count} edits, so there is no edit {value}.</source>
        <translation>共有 {count} 项修改，没有编号为 {value} 的修改。</translation>
    </message>
    <message>
        <source>There is no branch {value}; there is {names}.</source>
        <translation>没有分支 {value}；现有 {names}。</translation>
    </message>
    <message>
        <source>The name of a branch must have 1 to {limit} characters in one line, but it is {value}.</source>
        <translation>分支的名称必须是一行之内的 1 到 {limit} 个字符，现在是 {value}。</translation>
    </message>
    <message>
        <source>There is a branch {value} already; choose another name.</source>
        <translation>已有分支 {value}；请另选名称。</translation>
    </message>
    <message>
        <source>{value} is the only branch; there must be one.</source>
        <translation>{value} 是唯一的分支；至少要有一个分支。</translation>
    </message>
    <message>
        <source>network {network}</source>
        <translation>网络 {network}</translation>
    </message>
    <message>
        <source>another sequence</source>
        <translation>更换序列</translation>
    </message>
    <message>
        <source>run on {device}</source>
        <translation>在 {device} 上运行</translation>
    </message>
    <message>
        <source>run in {arithmetic}</source>
        <translation>以 {arithmetic} 运算</translation>
    </message>
    <message>
        <source>breakpoints</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>watches</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>labels of the classes</source>
        <translation>类别标签</translation>
    </message>
    <message>
        <source>targets</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>new branch {name}</source>
        <translation>新建分支 {name}</translation>
    </message>
    <message>
        <source>go to branch {name}</source>
        <translation>转到分支 {name}</translation>
    </message>
    <message>
        <source>rename the branch to {name}</source>
        <translation>将分支改名为 {name}</translation>
    </message>
    <message>
        <source>drop branch {name}</source>
        <translation>删除分支 {name}</translation>
    </message>
    <message>
        <source>hold against another run</source>
        <translation>更换对照的运行</translation>
    </message>
    <message>
        <source>{count} edits: {first} and others</source>
        <translation>{count} 处修改：{first} 等</translation>
    </message>
    <message>
        <source>unit must be from 0 to {last}, but it is {value}.</source>
        <translation>unit 必须在 0 到 {last} 之间，现在是 {value}。</translation>
    </message>
    <message>
        <source>batch must be from 0 to {last}, but it is {value}.</source>
        <translation>batch 必须在 0 到 {last} 之间，现在是 {value}。</translation>
    </message>
    <message>
        <source>A plain RNN keeps nothing from step to step but what its nonlinearity makes of it, so its h is not a sum over earlier steps; an LSTM&apos;s C and a GRU&apos;s h are.</source>
        <translation>普通的 RNN 从一个时间步到下一个时间步，只保留非线性函数算出的结果，因此它的 h 不是先前各时间步之和；LSTM 的 C 和 GRU 的 h 才是。</translation>
    </message>
    <message>
        <source>There are {classes} classes, but {given} labels; write {classes} characters, or {classes} names with commas between them.</source>
        <translation>共有 {classes} 个类别，却给了 {given} 个标签；请写 {classes} 个字符，或用逗号分隔的 {classes} 个名称。</translation>
    </message>
    <message>
        <source>The label {label} is there twice; each class needs its own.</source>
        <translation>标签 {label} 出现了两次；每个类别要有自己的标签。</translation>
    </message>
    <message>
        <source>There is no class {given}; write {allowed}.</source>
        <translation>没有类别 {given}；请写{allowed}。</translation>
    </message>
    <message>
        <source>numbers from 0 to {last}, with spaces between them</source>
        <translation>从 0 到 {last} 的数，用空格分隔</translation>
    </message>
    <message>
        <source>one of {labels}, or a number from 0 to {last}</source>
        <translation> {labels} 之一，或从 0 到 {last} 的数</translation>
    </message>
    <message>
        <source>There are {steps} steps, but {given} targets; write one for each step, or a single one for the last step.</source>
        <translation>共有 {steps} 个时间步，却给了 {given} 个目标；请为每个时间步写一个，或只写最后一步的一个。</translation>
    </message>
    <message>
        <source>{path} is not a session of Gatescope.</source>
        <translation>{path} 不是 Gatescope 的会话文件。</translation>
    </message>
    <message>
        <source>{path} was written by a newer version of Gatescope; update Gatescope to open it.</source>
        <translation>{path} 由更新版本的 Gatescope 写成；请更新 Gatescope 后再打开。</translation>
    </message>
    <message>
        <source>{path} is damaged and was not opened: {problem}.</source>
        <translation>{path} 已损坏，没有打开：{problem}。</translation>
    </message>
    <message>
        <source>its header cannot be read</source>
        <translation>文件头无法读取</translation>
    </message>
    <message>
        <source>its length is not the one that its header says</source>
        <translation>文件长度与文件头所写的不符</translation>
    </message>
    <message>
        <source>its contents do not fit their checksum</source>
        <translation>内容与校验和不符</translation>
    </message>
    <message>
        <source>its description cannot be read ({detail})</source>
        <translation>其描述无法读取（{detail}）</translation>
    </message>
    <message>
        <source>{name} does not fit the rest</source>
        <translation>{name} 与其余部分不符</translation>
    </message>
    <message>
        <source>{name} is refused ({reason})</source>
        <translation>{name} 被拒绝（{reason}）</translation>
    </message>
    <message>
        <source>{path} was not written: what is to be kept has too many parts; nothing was changed there.</source>
        <translation>{path} 没有写入：要保存的内容部分过多；原处未作任何更改。</translation>
    </message>
    <message>
        <source>The layout cannot be kept: it must be plain values, up to 1 MiB.</source>
        <translation>布局无法保存：只能是普通的值，且不超过 1 MiB。</translation>
    </message>
    <message>
        <source>{path} needs the cell {kind}, which is not known here; make it known with gatescope.add_cell, then open it.</source>
        <translation>{path} 需要细胞类型 {kind}，而这里没有；请先用 gatescope.add_cell 注册，再打开。</translation>
    </message>
    <message>
        <source>This session ran on {device} and runs on the CPU now, where its last bits may differ: {reason}</source>
        <translation>此会话原在 {device} 上运行，现改在 CPU 上运行，结果的末位可能不同：{reason}</translation>
    </message>
    <message>
        <source>The example {name} is not there any more; its network and sequence are, its notes are not.</source>
        <translation>示例 {name} 已不存在；其网络和序列仍在，其说明不在了。</translation>
    </message>
    <message>
        <source>Not all can be undone or redone any more ({count} left out): {reason}</source>
        <translation>部分操作不能再撤销或重做（略去 {count} 步）：{reason}</translation>
    </message>
    <message>
        <source>The session shows the recording {recording}, which is not there; choose where it is now.</source>
        <translation>此会话显示录制文件 {recording}，但它不在原处；请选择它现在的位置。</translation>
    </message>
    <message>
        <source>{path} is not the recording that the session shows: {recording} has changed; choose the right file.</source>
        <translation>{path} 不是此会话所显示的录制文件：{recording} 已被更改；请选择正确的文件。</translation>
    </message>
    <message>
        <source>The session cannot be kept: {path} is no longer the recording that is on show. Save the trace to a file of its own and open that, or put the recording back.</source>
        <translation>此会话无法保存：{path} 已不是正在显示的录制文件。请把轨迹另存为单独的文件再打开，或把原录制文件放回原处。</translation>
    </message>
    <message>
        <source>What you do is not kept in case of a crash, until this is mended: {problem}</source>
        <translation>在此问题解决之前，你的操作不会为防崩溃而自动保存：{problem}</translation>
    </message>
    <message>
        <source>What you do is kept again in case of a crash.</source>
        <translation>你的操作又会为防崩溃而自动保存了。</translation>
    </message>
    <message>
        <source>an unexpected error, see the log ({detail})</source>
        <translation>意外错误，请查看日志（{detail}）</translation>
    </message>
</context>
<context>
    <name>error_curves</name>
    <message>
        <source>unit {unit}</source>
        <translation>单元 {unit}</translation>
    </message>
</context>
<context>
    <name>file_dialogs</name>
    <message>
        <source>{path} is there already. Replace it?</source>
        <translation>{path} 已存在。要替换吗？</translation>
    </message>
</context>
<context>
    <name>network_losses</name>
    <message>
        <source>The sequence has {old} numbers a step. The network takes {new}, so it starts with an impulse.</source>
        <translation>当前序列每个时间步有 {old} 个数，而网络需要 {new} 个，因此将改用脉冲序列。</translation>
    </message>
    <message>
        <source>The {sequences} stay, in an array {shape}. To read the array otherwise, go to Sequence (Ctrl+E).</source>
        <translation>{sequences}保持不变，数组形状变为 {shape}。若要用另一种方式读取数组，请打开“序列”（Ctrl+E）。</translation>
    </message>
    <message>
        <source>Does not fit, and becomes zero: {states}.</source>
        <translation>形状不匹配，将变为零：{states}。</translation>
    </message>
    <message>
        <source>The weights are converted from {old} to {new}.</source>
        <translation>权重由 {old} 转换为 {new}。</translation>
    </message>
    <message>
        <source>Edits that do not fit are left out: {edits}</source>
        <translation>不适用的修改将被略去：{edits}</translation>
    </message>
</context>
<context>
    <name>picture_files</name>
    <message>
        <source>Save picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
</context>
<context>
    <name>predictions</name>
    <message>
        <source>class {number}: {label}</source>
        <translation>类别 {number}：{label}</translation>
    </message>
    <message>
        <source>h of unit {number}: {value}</source>
        <translation>单元 {number} 的 h：{value}</translation>
    </message>
    <message>
        <source>score {value}</source>
        <translation>得分 {value}</translation>
    </message>
    <message>
        <source>probability {value}, the softmax of the scores</source>
        <translation>概率 {value}，即得分的 softmax</translation>
    </message>
    <message>
        <source>the mark: {value} in the run it is held against</source>
        <translation>标记处：对照的运行中为 {value}</translation>
    </message>
    <message>
        <source>✓ predicted, target</source>
        <translation>✓ 预测，目标</translation>
    </message>
    <message>
        <source>● predicted</source>
        <translation>● 预测</translation>
    </message>
    <message>
        <source>✗ predicted</source>
        <translation>✗ 预测</translation>
    </message>
    <message>
        <source>◀ target</source>
        <translation>◀ 目标</translation>
    </message>
    <message>
        <source>◀ target, place {rank}</source>
        <translation>◀ 目标，第 {rank} 位</translation>
    </message>
    <message>
        <source>target {target} ✓ right</source>
        <translation>目标 {target} ✓ 正确</translation>
    </message>
    <message>
        <source>target {target} ✗ wrong</source>
        <translation>目标 {target} ✗ 错误</translation>
    </message>
    <message>
        <source>loss −ln p = {loss} nats</source>
        <translation>损失 −ln p = {loss} 奈特（nat）</translation>
    </message>
    <message>
        <source>{right}/{count} right so far</source>
        <translation>到目前为止 {right}/{count} 正确</translation>
    </message>
    <message>
        <source>t = {t}: the scores are being computed…</source>
        <translation>t = {t}：正在计算得分…</translation>
    </message>
    <message>
        <source>t = {t}: this batch element has ended before.</source>
        <translation>t = {t}：这个样本在此之前已经结束。</translation>
    </message>
    <message>
        <source>t = {t}: not predicted yet, h of layer {layer} is still to come.</source>
        <translation>t = {t}：还没有预测，层 {layer} 的 h 尚未算出。</translation>
    </message>
    <message>
        <source>t = {t}: not predicted yet, h of both directions of layer {layer} is still to come.</source>
        <translation>t = {t}：还没有预测，层 {layer} 两个方向的 h 尚未算出。</translation>
    </message>
    <message>
        <source>{place}, the last step</source>
        <translation>{place}，最后一步</translation>
    </message>
    <message>
        <source>NaN among the scores, so none is the largest</source>
        <translation>得分中有 NaN，因此没有最大的</translation>
    </message>
    <message>
        <source>{label} gives {value}</source>
        <translation>{label} 给出 {value}</translation>
    </message>
    <message>
        <source>predicts {label}: h[{unit}] = {value}, the largest</source>
        <translation>预测 {label}：h[{unit}] = {value}，最大</translation>
    </message>
    <message>
        <source>predicts {label}, p = {value}</source>
        <translation>预测 {label}，p = {value}</translation>
    </message>
</context>
<context>
    <name>punctuation</name>
    <message>
        <source>{first}, {next}</source>
        <translation>{first}，{next}</translation>
    </message>
    <message>
        <source>{name}: {text}</source>
        <translation>{name}：{text}</translation>
    </message>
    <message>
        <source>{text} ({remark})</source>
        <translation>{text}（{remark}）</translation>
    </message>
</context>
<context>
    <name>unrolled</name>
    <message>
        <source>layer {layer}</source>
        <translation>层 {layer}</translation>
    </message>
    <message>
        <source>layers {first} to {last}</source>
        <translation>层 {first} 到 {last}</translation>
    </message>
    <message>
        <source>input x</source>
        <translation>输入 x</translation>
    </message>
    <message>
        <source>the reverse direction ends at t = {t}</source>
        <translation>反向在 t = {t} 结束</translation>
    </message>
    <message>
        <source>the last step of batch element {batch} is t = {t}</source>
        <translation>样本 {batch} 的最后一个时间步是 t = {t}</translation>
    </message>
    <message>
        <source>the forward direction ends at t = {t}</source>
        <translation>正向在 t = {t} 结束</translation>
    </message>
    <message>
        <source>the last step is t = {t}</source>
        <translation>最后一个时间步是 t = {t}</translation>
    </message>
    <message>
        <source>Click: go there. Double click, or Enter: open the cell</source>
        <translation>单击：转到此处。双击或按回车：打开该细胞</translation>
    </message>
    <message>
        <source>not computed yet</source>
        <translation>尚未计算</translation>
    </message>
    <message>
        <source>batch element {batch} has only {steps} steps</source>
        <translation>样本 {batch} 只有 {steps} 个时间步</translation>
    </message>
    <message>
        <source>output is the h of the last layer, {layer}</source>
        <translation>output 是最后一层（{layer}）的 h</translation>
    </message>
    <message>
        <source>output is the h of both directions of the last layer side by side: :{size} forward, {size}: reverse</source>
        <translation>output 由最后一层两个方向的 h 并排而成：[:{size}] 为正向，[{size}:] 为反向</translation>
    </message>
    <message>
        <source>{names}: the state that its first step, t = {t}, starts from</source>
        <translation>{names}：第一个时间步（t = {t}）由此状态开始</translation>
    </message>
    <message>
        <source>{names}: the state after its last step, t = {t}</source>
        <translation>{names}：最后一个时间步（t = {t}）之后的状态</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>pre-activations</source>
        <translation>预激活值</translation>
    </message>
    <message>
        <source>The network unrolled over time. Current cell: {place}; {phase}</source>
        <translation>沿时间展开的网络。当前细胞：{place}；{phase}</translation>
    </message>
</context>
<context>
    <name>weight_maps</name>
    <message>
        <source>sum</source>
        <translation>和</translation>
    </message>
    <message>
        <source>added</source>
        <translation>直接相加</translation>
    </message>
    <message>
        <source>times o_t * tanh(C_t) of unit {unit}</source>
        <translation>乘以单元 {unit} 的 o_t * tanh(C_t)</translation>
    </message>
    <message>
        <source>times {name} of unit {unit}</source>
        <translation>乘以单元 {unit} 的 {name}</translation>
    </message>
    <message>
        <source>times h_t of unit {unit}, layer {layer}</source>
        <translation>乘以层 {layer} 单元 {unit} 的 h_t</translation>
    </message>
    <message>
        <source>reverse</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>正向</translation>
    </message>
    <message>
        <source>times {name}</source>
        <translation>乘以 {name}</translation>
    </message>
    <message>
        <source>b_ih and b_hh of {gate} are never just added: r_t scales b_hh first</source>
        <translation>{gate} 的 b_ih 与 b_hh 不会直接相加：r_t 先缩放 b_hh</translation>
    </message>
    <message>
        <source>{gate}, unit {unit}</source>
        <translation>{gate}，单元 {unit}</translation>
    </message>
    <message>
        <source>computed; edit either bias</source>
        <translation>由计算得出；请编辑其中一个偏置</translation>
    </message>
    <message>
        <source>Both biases added, in {dtype}: computed here, no parameter of the module</source>
        <translation>两个偏置之和（{dtype}）：在此计算得出，不是模块的参数</translation>
    </message>
    <message>
        <source>multiplies what the cell reads</source>
        <translation>乘以该层读入的数</translation>
    </message>
    <message>
        <source>multiplies h of the step before</source>
        <translation>乘以前一时间步的 h</translation>
    </message>
    <message>
        <source>makes h_t of o_t * tanh(C_t); it is not packed</source>
        <translation>由 o_t * tanh(C_t) 得出 h_t；它没有按门打包</translation>
    </message>
    <message>
        <source>{title}: rows {rows} of each packed parameter; torch&apos;s letter is {letter}, books write {book}</source>
        <translation>{title}：每个打包参数的第 {rows} 行；torch 用字母 {letter}，教科书写作 {book}</translation>
    </message>
    <message>
        <source>Why two biases? PyTorch keeps both because cuDNN&apos;s interface has one for the input and one for the recurrent product. A step only needs their sum, so a textbook has one. Both get the same gradient: under plain SGD the sum moves twice as fast as a single bias would.</source>
        <translation>为什么有两个偏置？PyTorch 保留两个，是因为 cuDNN 的接口为输入乘积和循环乘积各设一个。一个时间步只需要它们的和，所以教科书里只有一个。两者的梯度相同：用普通 SGD 时，它们的和比单个偏置快一倍。</translation>
    </message>
    <message>
        <source>Not so for n of a GRU: b_hn lies inside r_t * (W_hn h_(t-1) + b_hn), where the reset gate scales it, and counts on its own.</source>
        <translation>GRU 的 n 则不同：b_hn 在 r_t * (W_hn h_(t-1) + b_hn) 之内，由重置门缩放，因此单独起作用。</translation>
    </message>
    <message>
        <source>bias=False: this network has no biases.</source>
        <translation>bias=False：这个网络没有偏置。</translation>
    </message>
</context>
</TS>
