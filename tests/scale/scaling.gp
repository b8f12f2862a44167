# csv, svg, a, b, d: given by scale_study.py.
set terminal svg size 960,420 font "Helvetica,13" background "white"
set output svg
set datafile separator ","
set logscale x 2
set xrange [48:5500]
set xtics (64, 128, 256, 512, "1,024" 1024, "2,048" 2048, "4,096" 4096)
set xlabel "simulated ranks"
set grid ytics lc rgb "#dddddd" lt 1
set border 3 lc rgb "#666666"
set tics nomirror textcolor rgb "#333333"
set key bottom left Left reverse samplen 2 spacing 1.2
pick(dispatch, schedule) = sprintf("< awk -F, '$2==\"%s\" && $3==\"%s\" && $4==\"uniform:1ms\"' '%s'", dispatch, schedule, csv)

set multiplot layout 1,2
set title "efficiency: 100 tasks of 0.5 to 1.5 ms a rank"
set yrange [0:1.04]
set ytics 0.2
plot 1 with lines lc rgb "#999999" dt 2 title "ideal", \
  pick("node", "factoring") using 1:8 with linespoints lw 2.5 pt 7 ps 0.7 lc rgb "#0060ad" title "node, factoring (default)", \
  pick("master", "factoring") using 1:8 with linespoints lw 2 pt 5 ps 0.6 lc rgb "#d95f02" title "master, factoring", \
  pick("master", "dynamic") using 1:8 with linespoints lw 2 pt 9 ps 0.8 lc rgb "#b2182b" title "master, one task a message", \
  pick("scatter", "static") using 1:8 with linespoints lw 2 pt 13 ps 0.8 lc rgb "#4d9221" title "scatter"

set title "default: time above the ideal, and the fitted model"
set yrange [0:*]
set ytics auto
set ylabel "ms"
set key top left
set samples 300
set yrange [0:5]
# Of the queue at rank 0 only the last answer matters here: it comes when nobody works any more.
plot 1e3 * (a + b * log(x) / log(2) + d / x + answer * x / 32) with lines lw 2 lc rgb "#999999" title "model", \
  pick("node", "factoring") using 1:(1e3 * ($6 - $7)) with points pt 7 ps 0.8 lc rgb "#0060ad" title "simulated"
unset multiplot
