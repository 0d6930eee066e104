# R's dpois/ppois as Erlang B: peer.R ROWS.csv NS_OF_OURS…
arguments <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(arguments[1], header = FALSE, col.names = c("c", "a", "b"))
blocking <- function(a, c) dpois(c, a) / ppois(c, a)
got <- suppressWarnings(blocking(rows$a, rows$c))
answered <- is.finite(got) & got > 0
errors <- abs(got - rows$b)[answered] / rows$b[answered]
cat(sprintf("%-22s %-30s max error %8.1e, %4d rows over 1e-13, %4d without an answer;",
  paste("R", getRversion()), "dpois/ppois, whole vectors", max(errors), sum(errors > 1e-13), sum(!answered)))
sizes <- c(10, 1e3, 1e5, 1e7, 1e9)
ours <- as.numeric(arguments[-1])
for (i in seq_along(ours)) {
  size <- sizes[i]
  a <- rep(pmax(size + (-4 + 0.5 * (0:15)) * sqrt(size) + 0.123, 0.5), 200)
  least <- min(replicate(5, { start <- Sys.time(); blocking(a, size); as.numeric(difftime(Sys.time(), start, units = "secs")) }))
  ns <- least / length(a) * 1e9
  cat(sprintf(" %9.0f (%7.1f)", ns, ns / ours[i]))
}
cat("\n")
